#pragma once

#include <cstdint>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::compile {

/// A value that is given from outside and may be replaced at the end of each step.
struct ProgramInput {
  program::NodeId node = program::no_node;
  bool per_lane = false;                      ///< differs between lanes; otherwise one value serves all of them
  bool constant = false;                      ///< stays the same during a run (a hyperparameter)
  program::NodeId update = program::no_node;  ///< its value after the step; no_node: unchanged by the program
};

struct ProgramSpec {
  std::vector<ProgramInput> inputs;
  std::vector<program::NodeId> observed;  ///< values wanted in every step, before the update
  std::vector<program::NodeId> recorded;  ///< values wanted in some steps only
};

/// Where a value lives. The space decides the layout: `lanes` rows are as long as the block has lanes,
/// `uniform` rows are one double, shared by every lane.
struct Location {
  enum class Space : std::uint8_t { none, uniform, lanes };
  Space space = Space::none;
  std::uint32_t offset = 0;  ///< in rows from the beginning of the space
  std::uint32_t rows = 0;
};

struct Instruction {
  language::Op op;
  Location out;
  Location args[3];
  std::uint8_t arity = 0;
  std::int32_t aux = 0;
  std::uint32_t aux2 = 0;
  program::Data data;
};

/// A graph compiled to straight-line code in four parts: the prologue (what depends on hyperparameters only)
/// once per run, then in every step what the observed values need, then in recorded steps what only the recorded
/// values need, then the update. What nothing asks for is not there. Values that no lane can influence are computed
/// once per step instead of once per lane. Registers are shared by values that are never alive together, and an update
/// is computed in place where it can be.
struct Program {
  std::vector<Instruction> prologue;
  std::vector<Instruction> observe;
  std::vector<Instruction> record;
  std::vector<Instruction> update;
  std::vector<Location> inputs;                        ///< as ProgramSpec::inputs
  std::vector<Location> observed;                      ///< as ProgramSpec::observed; valid between observe and update
  std::vector<Location> recorded;                      ///< as ProgramSpec::recorded; valid between record and update
  std::vector<std::pair<Location, double>> constants;  ///< to fill in at the start
  std::vector<std::pair<Location, program::Data>> constant_vectors;
  std::uint32_t lane_rows = 0;  ///< size of the spaces, in rows
  std::uint32_t uniform_rows = 0;
};

Program compile(const program::Graph& graph, const ProgramSpec& spec);

}  // namespace optexplore::compile
