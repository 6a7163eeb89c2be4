#include "table/pipeline.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "table/samples.hpp"

using namespace optexplore;
using namespace optexplore::os;
using namespace optexplore::table;

namespace {

std::vector<RowBlock> many_trajectories(std::size_t count) {
  std::vector<RowBlock> blocks;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::vector<double>> rows;
    for (std::size_t r = 0; r <= i % 7; ++r) {
      const double value = 1.0 / static_cast<double>(1 + i + r);
      rows.push_back({static_cast<double>(r), value, -value, value * value});
    }
    for (RowBlock& block : samples::trajectory(samples::info(i, "sgd"), rows)) {
      blocks.push_back(std::move(block));
    }
  }
  return blocks;
}

class FailingSink : public Sink {
 public:
  void write(std::string_view) override {
    if (++writes_ == 20) throw IoError("full");
  }
  void finish() override {}

 private:
  int writes_ = 0;
};

const Experiment experiment = samples::experiment({"sgd"});
const Document document{&experiment, samples::columns(), {}};

}  // namespace

TEST_CASE("the bytes do not depend on the number of threads") {
  for (const std::string& format : format_names()) {
    CAPTURE(format);
    const std::string serial = samples::written(format, document, many_trajectories(200), 1);
    CHECK(samples::written(format, document, many_trajectories(200), 2) == serial);
    CHECK(samples::written(format, document, many_trajectories(200), 5) == serial);
    CHECK(samples::written(format, document, many_trajectories(200), 0) == serial);
  }
}

TEST_CASE("each trajectory is observed once, in order") {
  for (const unsigned jobs : {1U, 3U}) {
    std::vector<std::size_t> observed;
    StringSink sink;
    const auto format = make_format("csv", document);
    write_all(samples::source(many_trajectories(50)), *format, sink, jobs,
              [&](const RowBlock& last) { observed.push_back(last.trajectory->index); });
    REQUIRE(observed.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) CHECK(observed[i] == i);
  }
}

TEST_CASE("exceptions come through unchanged from every stage") {
  for (const unsigned jobs : {1U, 3U}) {
    CAPTURE(jobs);
    const auto format = make_format("csv", document);
    FailingSink full;
    CHECK_THROWS_WITH_AS(write_all(samples::source(many_trajectories(50)), *format, full, jobs), "full", IoError);
    StringSink sink;
    BlockSource blocks = samples::source(many_trajectories(50));
    int count = 0;
    const BlockSource failing = [&]() {
      if (++count == 20) throw InputError("bad");
      return blocks();
    };
    CHECK_THROWS_WITH_AS(write_all(failing, *format, sink, jobs), "bad", InputError);
  }
}
