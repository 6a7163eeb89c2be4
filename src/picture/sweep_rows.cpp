#include "picture/sweep_rows.hpp"

#include "os/progress.hpp"
#include "parallel/ordered_map.hpp"

namespace optexplore::picture {

void for_each_block(const drive::Sweep& sweep, unsigned jobs, bool quiet,
                    const std::function<void(const Block& block, std::uint64_t first_run)>& take) {
  drive::RunBlocks blocks(sweep, 0, sweep.runs(), parallel::threads(jobs));
  std::uint64_t run = 0;
  os::Progress progress({"runs", static_cast<double>(sweep.runs())}, quiet);
  parallel::ordered_map(
      jobs, [&] { return blocks.next(); },
      [&](const drive::BlockCutter::Part& part) { return sweep.compute(part.first, part.count); },
      [&](const Block& block) {
        take(block, run);
        run += block.rows;
        progress.add(block.rows);
      });
}

}  // namespace optexplore::picture
