#include "drive/loading.hpp"

#include <vector>

namespace optexplore::drive {
namespace {

/// Writes a value to a lane; an input that is the same for all lanes has only one place.
void put(const backend::LaneView& view, std::size_t row, std::size_t lane, double value) {
  if (lane == 0 || view.lane_stride != 0) view.at(row, lane) = value;
}

}  // namespace

void load(backend::Machine& machine, const study::Plan& plan, std::span<const std::uint64_t> runs) {
  const std::size_t lanes = machine.lanes();
  const std::unique_ptr<backend::Machine> initial_machine = plan.initial->machine(lanes);
  backend::Machine& initial = *initial_machine;
  std::vector<program::RandomKey> keys;
  for (std::size_t l = 0; l < lanes; ++l) {
    const std::uint64_t run = runs[l];
    keys.push_back(plan.expansion.key(run));
    const std::vector<double> settings = plan.expansion.hyperparameters(run);
    std::size_t input = 0;
    for (std::size_t k = 0; k < settings.size(); ++k) {
      const experiment::Hyperparameter& each = (*plan.hyperparameters)[k];
      if (!each.number()) continue;
      if (each.kind() == experiment::Hyperparameter::Kind::axis) {
        put(machine.input(plan.first_hyperparameter_input() + input), 0, l, settings[k]);
        put(initial.input(1 + input), 0, l, settings[k]);
      }
      ++input;
    }
    const std::vector<double> point = plan.expansion.start(run);
    for (std::size_t i = 0; i < point.size(); ++i)
      for (const backend::LaneView& view :
           {machine.input(study::Plan::point_input), machine.input(study::Plan::previous_input), initial.input(0)})
        put(view, i, l, point[i]);
  }
  machine.set_keys(keys);
  initial.set_keys(keys);
  initial.set_step(1);
  initial.prologue();
  initial.observe();
  for (std::size_t k = 0; k < plan.states; ++k) {
    const backend::LaneView from = initial.observed(k);
    const backend::LaneView to = machine.input(study::Plan::first_state_input + k);
    for (std::size_t r = 0; r < to.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) put(to, r, l, from.at(r, l));
  }
  for (std::size_t k = 0; k < plan.memories.size(); ++k) {
    const backend::LaneView memory = machine.input(plan.first_memory_input + k);
    for (std::size_t r = 0; r < memory.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) put(memory, r, l, plan.memories[k]);
  }
  machine.prologue();
}

}  // namespace optexplore::drive
