#include "output/write.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "output/samples.hpp"

using namespace optexplore;
using namespace optexplore::os;
using namespace optexplore::output;

namespace {

samples::Sample many_trajectories(std::size_t count) {
  samples::Sample sample{samples::trajectories({"sgd"}), {}};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::vector<double>> rows;
    for (std::size_t r = 0; r <= i % 7; ++r) {
      const double value = 1.0 / static_cast<double>(1 + i + r);
      rows.push_back({static_cast<double>(r), value, -value, value * value});
    }
    for (Block& block : samples::recut({samples::trajectory(samples::group(i, "sgd"), 0, rows)}, 2))
      sample.blocks.push_back(std::move(block));
  }
  return sample;
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

}  // namespace

TEST_CASE("the bytes do not depend on the number of threads") {
  const samples::Sample sample = many_trajectories(2000);
  for (const std::string& format : format_names()) {
    CAPTURE(format);
    const std::string serial = samples::written(format, sample, {}, 1);
    CHECK(samples::written(format, sample, {}, 2) == serial);
    CHECK(samples::written(format, sample, {}, 5) == serial);
    CHECK(samples::written(format, sample, {}, 0) == serial);
  }
}

TEST_CASE("each block is observed once, in order, and has no numbers any more") {
  const samples::Sample sample = many_trajectories(50);
  for (const unsigned jobs : {1U, 3U}) {
    std::vector<std::uint64_t> ended;
    std::size_t rows = 0;
    StringSink sink;
    const auto writer = make_writer("csv", sample.schema);
    write_all(samples::source(sample.blocks), *writer, sink, jobs, [&](const Block& block) {
      CHECK(block.numbers.empty());
      rows += block.rows;
      if (block.ending) ended.push_back(block.group->number);
    });
    CHECK(rows == 7 * 28 + 1);
    REQUIRE(ended.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) CHECK(ended[i] == i);
  }
}

TEST_CASE("exceptions of the sink and the source come through unchanged") {
  const samples::Sample sample = many_trajectories(50);
  for (const unsigned jobs : {1U, 3U}) {
    CAPTURE(jobs);
    const auto writer = make_writer("csv", sample.schema);
    FailingSink full;
    CHECK_THROWS_WITH_AS(write_all(samples::source(sample.blocks), *writer, full, jobs), "full", IoError);
    StringSink sink;
    BlockSource blocks = samples::source(sample.blocks);
    int count = 0;
    const BlockSource failing = [&]() {
      if (++count == 20) throw InputError("bad");
      return blocks();
    };
    CHECK_THROWS_WITH_AS(write_all(failing, *writer, sink, jobs), "bad", InputError);
  }
}
