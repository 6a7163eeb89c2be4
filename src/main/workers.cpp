#include "main/workers.hpp"

#include <memory>
#include <mutex>

#include "backend/product.hpp"
#include "parallel/ordered_map.hpp"
#include "parallel/pool.hpp"

namespace optexplore {
namespace {

/// All cores for one product at a time; another at the same time, from a run on another thread, has its thread alone.
class AllCores final : public backend::Workers {
 public:
  [[nodiscard]] std::size_t threads() const override { return parallel::threads(0); }

  void run(std::size_t count, const std::function<void(std::size_t)>& task) override {
    const std::unique_lock alone(mutex_, std::try_to_lock);
    if (!alone) return Workers::run(count, task);
    if (!pool_) pool_ = std::make_unique<parallel::Pool>(parallel::threads(0));
    pool_->run(count, task);
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<parallel::Pool> pool_;
};

}  // namespace

void use_all_cores() {
  static AllCores workers;
  backend::use_workers(workers);
}

}  // namespace optexplore
