#include "plot/sweep_rows.hpp"

#include <utility>

#include "output/format.hpp"
#include "output/pipeline.hpp"

namespace optexplore::plot {
namespace {

/// A format that writes nothing, and gives each row away.
class Receiver : public output::Format {
 public:
  using Take = std::function<void(std::uint64_t, const double*)>;
  Receiver(std::size_t width, const Take& take) : width_(width), take_(&take) {}

  void begin(output::Sink&) override {}
  [[nodiscard]] output::Piece render(RowBlock block) const override { return {std::move(block), {}}; }
  void write(output::Piece piece, output::Sink&) override {
    for (std::size_t r = 0; r < piece.block.rows; ++r) (*take_)(run_++, piece.block.values.data() + r * width_);
  }
  void end(output::Sink&) override {}

 private:
  std::size_t width_;
  const Take* take_;
  std::uint64_t run_ = 0;
};

}  // namespace

void for_each_run(const run::Sweep& sweep, unsigned jobs,
                  const std::function<void(std::uint64_t run, const double* row)>& take) {
  Receiver receiver(sweep.columns().size(), take);
  output::StringSink nowhere;
  std::uint64_t next_run = 0;
  const auto next = [&]() -> std::optional<output::BlockJob> {
    if (next_run == sweep.runs()) return std::nullopt;
    const std::uint64_t first = next_run, count = sweep.block_size(first, sweep.runs() - first);
    next_run += count;
    return [&sweep, first, count] { return sweep.compute(first, count); };
  };
  output::compute_all(next, receiver, nowhere, jobs);
}

}  // namespace optexplore::plot
