#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "backend/interpreter/interpreter.hpp"
#include "program/graph_tools.hpp"

namespace optexplore::test {

/// A program with starting values, and the steps whose recorded part runs.
struct Experiment {
  compile::ProgramSpec spec;
  /// [input][lane][row]; lanes repeat when there are more lanes than values.
  std::vector<std::vector<std::vector<double>>> start;
  std::vector<bool> record;  ///< by step
};

inline program::RandomKey key_of(std::size_t lane) { return {17, 100 + lane}; }

/// Runs one lane by the plain interpreter: what the machine must reproduce bit for bit.
class Reference {
 public:
  Reference(const Graph& g, const Experiment& e, std::size_t lane) : g_(g), e_(e), lane_(lane) {
    for (std::size_t k = 0; k < e.spec.inputs.size(); ++k)
      values_[e.spec.inputs[k].node] = e.start[k][lane % e.start[k].size()];
  }
  void begin_step(std::uint64_t step) {
    for (const compile::ProgramInput& input : e_.spec.inputs)
      if (input.clock) values_[input.node] = {static_cast<double>(step)};
    for (NodeId id = 0; id < g_.size(); ++id) {
      const program::Node& node = g_[id];
      if (node.op != Op::random) continue;
      std::vector<double> draws(node.shape.size());
      for (std::size_t i = 0; i < draws.size(); ++i)
        draws[i] = program::draw(static_cast<language::Draw>(node.aux2), key_of(lane_), step, node.aux, i);
      values_[id] = draws;
    }
  }
  [[nodiscard]] std::vector<double> value(NodeId id) const { return interpret(g_, id, values_); }
  void update() {
    Values<double> next = values_;
    for (const compile::ProgramInput& input : e_.spec.inputs)
      if (input.update != program::no_node) next[input.node] = value(input.update);
    values_ = next;
  }

 private:
  const Graph& g_;
  const Experiment& e_;
  std::size_t lane_;
  Values<double> values_;
};

/// The number of elements of `view` that differ from the interpreter's in `lane`.
inline int wrong(const backend::LaneView& view, std::size_t lane, const std::vector<double>& expected) {
  if (view.rows != expected.size()) return 1000;
  int count = 0;
  for (std::size_t r = 0; r < view.rows; ++r) count += same_bits(view.at(r, lane), expected[r]) ? 0 : 1;
  return count;
}

/// Runs the experiment on a machine with `lanes` lanes beside one interpreter per lane; returns what differs.
inline std::string compare(const Graph& g, const Experiment& e, std::size_t lanes, const backend::KernelTable& kernels,
                           const backend::Tiling& tiling = {}, compile::Form form = compile::Form::block,
                           const compile::Passes& passes = {}) {
  const auto program = std::make_shared<compile::Program>(compile::compile(g, e.spec, form, passes));
  compile::check(*program);
  const auto executable = backend::interpret(program, kernels, tiling);
  const auto owner = executable->machine(lanes);
  backend::Machine& machine = *owner;
  std::vector<program::RandomKey> keys;
  std::vector<Reference> references;
  for (std::size_t l = 0; l < lanes; ++l) {
    keys.push_back(key_of(l));
    references.emplace_back(g, e, l);
  }
  machine.set_keys(keys);
  for (std::size_t k = 0; k < e.start.size(); ++k)
    for (std::size_t l = 0; l < lanes && !e.spec.inputs[k].value && !e.spec.inputs[k].clock; ++l) {
      const std::vector<double>& from = e.start[k][l % e.start[k].size()];
      for (std::size_t r = 0; r < from.size(); ++r) machine.input(k).at(r, l) = from[r];
    }
  machine.set_step(0);
  machine.prologue();
  for (std::size_t step = 0; step <= e.record.size(); ++step) {
    machine.set_step(step);
    const auto differs = [&](const std::string& what, std::size_t k, const backend::LaneView& view,
                             NodeId id) -> std::string {
      for (std::size_t l = 0; l < lanes; ++l)
        if (wrong(view, l, references[l].value(id)) != 0)
          return what + " " + std::to_string(k) + " at step " + std::to_string(step) + ", lane " + std::to_string(l);
      return "";
    };
    for (Reference& reference : references) reference.begin_step(step);
    for (std::size_t k = 0; k < e.spec.inputs.size(); ++k)
      if (auto text = differs("input", k, machine.input(k), e.spec.inputs[k].node); !text.empty()) return text;
    if (step == e.record.size()) break;
    machine.observe();
    if (e.record[step]) machine.record();
    for (std::size_t k = 0; k < e.spec.observed.size(); ++k)
      if (auto text = differs("observed", k, machine.observed(k), e.spec.observed[k].node); !text.empty()) return text;
    for (std::size_t k = 0; k < e.spec.recorded.size() && e.record[step]; ++k)
      if (auto text = differs("recorded", k, machine.recorded(k), e.spec.recorded[k].node); !text.empty()) return text;
    for (std::size_t k = 0; k < e.spec.inputs.size(); ++k)  // a run may stop here and look at its states
      if (auto text = differs("state before the update", k, machine.input(k), e.spec.inputs[k].node); !text.empty())
        return text;
    machine.update();
    for (Reference& reference : references) reference.update();
  }
  return "";
}

inline constexpr std::size_t lane_counts[] = {1, 2, 3, 4, 5, 7, 8, 31, 128};

inline void check_everywhere(const Graph& g, const Experiment& e) {
  for (const std::size_t lanes : lane_counts) {
    INFO(lanes, " lanes");
    CHECK(compare(g, e, lanes, backend::baseline_kernels()) == "");
    CHECK(compare(g, e, lanes, backend::portable_kernels()) == "");
    if (lanes == 1) CHECK(compare(g, e, 1, backend::best_kernels(), {}, compile::Form::single) == "");
    if (backend::avx2_kernels() != nullptr) CHECK(compare(g, e, lanes, *backend::avx2_kernels()) == "");
  }
}

}  // namespace optexplore::test
