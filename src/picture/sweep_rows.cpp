#include "picture/sweep_rows.hpp"

#include <utility>

#include "table/format.hpp"
#include "table/pipeline.hpp"

namespace optexplore::picture {
namespace {

/// A format that writes nothing, and gives each row away.
class Receiver : public table::Format {
 public:
  using Take = std::function<void(std::uint64_t, const double*)>;
  Receiver(std::size_t width, const Take& take) : width_(width), take_(&take) {}

  void begin(os::Sink&) override {}
  [[nodiscard]] table::Piece render(RowBlock block) const override { return {std::move(block), {}}; }
  void write(table::Piece piece, os::Sink&) override {
    for (std::size_t r = 0; r < piece.block.rows; ++r) (*take_)(run_++, piece.block.values.data() + r * width_);
  }
  void end(os::Sink&) override {}

 private:
  std::size_t width_;
  const Take* take_;
  std::uint64_t run_ = 0;
};

}  // namespace

void for_each_run(const drive::Sweep& sweep, unsigned jobs,
                  const std::function<void(std::uint64_t run, const double* row)>& take) {
  Receiver receiver(sweep.columns().size(), take);
  os::StringSink nowhere;
  std::uint64_t next_run = 0;
  const auto next = [&]() -> std::optional<table::BlockJob> {
    if (next_run == sweep.runs()) return std::nullopt;
    const std::uint64_t first = next_run, count = sweep.block_size(first, sweep.runs() - first);
    next_run += count;
    return [&sweep, first, count] { return sweep.compute(first, count); };
  };
  table::compute_all(next, receiver, nowhere, jobs);
}

}  // namespace optexplore::picture
