#include "drive/loading.hpp"

#include <vector>

namespace optexplore::drive {
namespace {

/// Writes a value to a lane; an input that is the same for all lanes has only one place.
void put(const backend::LaneView& view, std::size_t row, std::size_t lane, double value) {
  if (lane == 0 || view.lane_stride != 0) view.at(row, lane) = value;
}

/// A hyperparameter that varies: its number in the plan, and where the two machines have it.
struct Axis {
  std::size_t number;
  backend::LaneView in_step;
  backend::LaneView in_initial;
};

std::vector<Axis> axes(const backend::Machine& machine, const backend::Machine& initial, const study::Plan& plan) {
  std::vector<Axis> result;
  for (std::size_t k = 0; k < plan.hyperparameters->size(); ++k) {
    const experiment::Hyperparameter& each = (*plan.hyperparameters)[k];
    if (each.kind() == experiment::Hyperparameter::Kind::axis)
      result.push_back({k, machine.input("hp." + each.name), initial.input("hp." + each.name)});
  }
  return result;
}

void fill_in(const backend::LaneView& to, std::size_t lanes, double value) {
  for (std::size_t r = 0; r < to.rows; ++r)
    for (std::size_t l = 0; l < lanes; ++l) put(to, r, l, value);
}

}  // namespace

void load(backend::Machine& machine, const study::Plan& plan, std::span<const std::uint64_t> runs) {
  const std::size_t lanes = machine.lanes();
  const std::unique_ptr<backend::Machine> initial = plan.initial->machine(lanes);
  const std::vector<Axis> varied = axes(machine, *initial, plan);
  const backend::LaneView points[] = {machine.input("point"), machine.input("point_prev"), initial->input("point")};
  std::vector<program::RandomKey> keys;
  for (std::size_t l = 0; l < lanes; ++l) {
    const std::uint64_t run = runs[l];
    keys.push_back(plan.expansion.key(run));
    std::vector<double> settings;
    if (!varied.empty()) settings = plan.expansion.hyperparameters(run);
    for (const Axis& axis : varied) {
      put(axis.in_step, 0, l, settings[axis.number]);
      put(axis.in_initial, 0, l, settings[axis.number]);
    }
    const std::vector<double> start = plan.expansion.start(run);
    for (std::size_t i = 0; i < start.size(); ++i)
      for (const backend::LaneView& point : points) put(point, i, l, start[i]);
  }
  machine.set_keys(keys);
  initial->set_keys(keys);
  initial->set_step(1);
  initial->prologue();
  initial->observe();
  for (const backend::Fault& fault : initial->faults())
    if (fault.kind == backend::Fault::Kind::error) backend::throw_fault(fault, ", in the initial state");
  for (std::size_t k = 0; k < initial->program().observed.size(); ++k) {
    const backend::LaneView from = initial->observed(k);
    const backend::LaneView to = machine.input(initial->program().observed[k].name);
    for (std::size_t r = 0; r < to.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) put(to, r, l, from.at(r, l));
  }
  for (const study::Plan::MemoryInput& memory : plan.memories)
    if (!memory.computed) fill_in(machine.input(memory.name), lanes, memory.initial);
  machine.prologue();
}

}  // namespace optexplore::drive
