#pragma once

#include <array>
#include <vector>

#include "compile/program.hpp"
#include "compile/registers.hpp"

// What the passes of the compiler hand on to one another; see compile.cpp for their order.
namespace optexplore::compile {

/// How often a value changes: never, from run to run, with the number of the step only, or in every step.
enum class Rate : std::uint8_t { constant, run, clock, step };

/// What is known about a node that the program needs.
struct Use {
  bool needed = false;
  bool per_lane = false;
  bool asked = false;  ///< an output or an update: it must stand somewhere
  Rate rate = Rate::step;
  std::uint32_t readers = 0;                 ///< how many operands it is
  program::NodeId inner = program::no_node;  ///< the node that is computed in this one's instruction
  std::uint8_t inner_side = 0;               ///< which operand that is
  bool fused = false;                        ///< it is an inner one itself
  bool timed = false;                        ///< computed by the timing program: a leaf here
  std::uint32_t position = never;            ///< in the schedule; never for leaves, views and inner ones
  std::uint32_t last = 0;                    ///< last position that reads its block
  program::NodeId home = program::no_node;   ///< the concat (or viewed node) whose block it lives in
  std::uint32_t home_offset = 0;
  std::uint32_t block_start = never;  ///< for the owner of a block: first position that writes to it
  bool permanent = false;             ///< its place is never given to another value
  Location location;
};

/// Where the regions end in the schedule.
struct Borders {
  std::uint32_t setup = 0;
  std::uint32_t prologue = 0;
  std::uint32_t observe = 0;
  std::uint32_t record = 0;
  std::uint32_t update = 0;
};

struct Draft {
  Draft(const program::Graph& from, const ProgramSpec& what, Form lanes, const Passes& wanted)
      : graph(from), spec(what), form(lanes), passes(wanted), uses(from.size()) {}

  const program::Graph& graph;
  const ProgramSpec& spec;
  Form form;
  Passes passes;
  std::vector<Use> uses;                ///< by node
  std::vector<program::NodeId> needed;  ///< ascending, so arguments come before what uses them
  std::vector<program::NodeId> order;   ///< the schedule
  Borders borders;
  Program program;

  [[nodiscard]] const program::Node& node(program::NodeId id) const { return graph[id]; }
  [[nodiscard]] std::uint32_t rows(program::NodeId id) const { return graph.shape(id).size(); }

  /// Whether it is no instruction: given from outside, or computed by another program.
  [[nodiscard]] bool is_leaf(program::NodeId id) const {
    const language::Op op = graph[id].op;
    return op == language::Op::input || op == language::Op::constant || uses[id].timed;
  }
  /// Whether it is a part of another value's memory.
  [[nodiscard]] static bool is_view(language::Op op) {
    return op == language::Op::elem || op == language::Op::slice || op == language::Op::reshape;
  }
  [[nodiscard]] bool is_view(program::NodeId id) const { return !uses[id].timed && is_view(graph[id].op); }

  /// What the node's instruction reads: the arguments, those of an inner node in its place.
  template <class Visit>
  void for_each_operand(program::NodeId id, Visit visit) const {
    if (uses[id].timed) return;
    for (std::size_t k = 0; k < graph[id].args.size(); ++k) {
      const program::NodeId arg = graph[id].args[k];
      if (arg == uses[id].inner && k == uses[id].inner_side)
        for (const program::NodeId inner : graph[arg].args) visit(inner);
      else
        visit(arg);
    }
  }
  template <class Test>
  [[nodiscard]] bool any_operand(program::NodeId id, Test test) const {
    bool found = false;
    for_each_operand(id, [&](program::NodeId arg) { found = found || test(arg); });
    return found;
  }

  /// The node that owns the block `id` lives in, and where in it.
  [[nodiscard]] std::pair<program::NodeId, std::uint32_t> owner(program::NodeId id) const {
    std::uint32_t offset = 0;
    while (uses[id].home != program::no_node) {
      offset += uses[id].home_offset;
      id = uses[id].home;
    }
    return {id, offset};
  }
  [[nodiscard]] Location::Space space_of(program::NodeId id) const {
    if (uses[id].rate == Rate::constant) return Location::Space::constant;
    return uses[id].per_lane ? Location::Space::lanes : Location::Space::uniform;
  }
};

// The passes.
/// What is needed, whether it differs between lanes, and how often it changes.
void find_needs(Draft& draft);
/// Moves what depends on the clock alone to a program of its own.
void split_timing(Draft& draft);
/// Chooses pairs of elementwise operations to be done in one pass.
void fuse(Draft& draft);
/// The order of the instructions, region by region: arguments first, depth first, so that values die young.
void schedule(Draft& draft);
/// Gives every value a place and writes the instructions.
void allocate(Draft& draft);

}  // namespace optexplore::compile
