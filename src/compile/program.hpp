#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "program/graph.hpp"

// What a graph becomes before a backend makes it run. The semantics:
//  * A program is executed for a block of lanes, which are independent of one another: what stands in a lane depends
//    on that lane's inputs and on what is the same for all of them, never on a neighbour or on their number.
//  * Its regions are run in this order: `setup` once for all blocks and threads, `prologue` once per block, then in
//    every step `observe`, in some steps `record`, and `update`. What `observe` gives stays until `update`.
//  * The arithmetic is IEEE's, as written: no pass contracts, reorders or drops an operation that is asked for.
//    Instructions may be delayed, done together or left out when nobody asks for their result; never duplicated.
//  * Places are relative to the beginning of their space, so one program serves every block.
namespace optexplore::compile {

/// A value that is given from outside and may be replaced at the end of each step.
struct ProgramInput {
  program::NodeId node = program::no_node;
  bool per_lane = false;                      ///< differs between lanes; otherwise one value serves all of them
  bool constant = false;                      ///< stays the same during a run (a hyperparameter)
  program::NodeId update = program::no_node;  ///< its value after the step; no_node: unchanged by the program
  std::string name = {};                      ///< "point", "state.m"; ports are found by it
  std::optional<double> value = {};           ///< known for every run (a constant; nobody sets it)
  bool clock = false;                         ///< the number of the step, a scalar that whoever sets the step sets
};

/// A value that is asked for.
struct ProgramOutput {
  ProgramOutput(program::NodeId id, std::string called = {}) : node(id), name(std::move(called)) {}  // NOLINT: implicit
  program::NodeId node;
  std::string name;
};

struct ProgramSpec {
  std::vector<ProgramInput> inputs;
  std::vector<ProgramOutput> observed;  ///< wanted in every step, before the update
  std::vector<ProgramOutput> recorded;  ///< wanted in some steps only
  bool body = false;                    ///< of a loop or branch
};

/// For how many lanes a program is made.
enum class Form : std::uint8_t {
  single,  ///< one lane: everything lies in one space
  block,   ///< any number: what is the same for all lanes is held and computed once
};

/// The passes that only make a program faster: without them it computes the same bits.
struct Passes {
  bool clock = true;     ///< what depends on the step's number alone is computed once, for all blocks
  bool fuse = true;      ///< pairs of elementwise operations become one instruction
  bool in_place = true;  ///< results take the place of operands and states that die
};

/// Where a value lives. `lanes` rows are as long as the block has lanes; those of the other spaces are one double,
/// shared by every lane; `constant` ones also by every block.
struct Location {
  enum class Space : std::uint8_t { none, constant, uniform, lanes };
  Space space = Space::none;
  std::uint32_t offset = 0;  ///< in rows from the beginning of the space
  std::uint32_t rows = 0;
  bool operator==(const Location&) const = default;
};

inline constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();

struct Region;

/// out = op(args…), or with `outer`, which is done in the same pass, outer(op(a, b), c): operand number `inner_side` of
/// the outer operation is the inner one's result; c is args[2].
struct Instruction {
  language::Op op{};
  Location out;
  Location args[3];
  program::Shape shape;  ///< of the node, whose elements `out` holds row by row
  program::Shape arg_shapes[3];
  std::uint8_t arity = 0;  ///< of op
  std::int32_t aux = 0;    ///< see Op; of a reduction, how many terms each of its elements has
  std::uint32_t aux2 = 0;
  program::Data data;
  std::optional<language::Op> outer;
  std::uint8_t outer_arity = 0;
  std::uint8_t inner_side = 0;
  std::shared_ptr<const Region> region;          ///< of a loop; of a branch, when its condition args[0] holds
  std::shared_ptr<const Region> otherwise;       ///< of a branch, else
  std::shared_ptr<const program::Body> limited;  ///< of Op::limit
  program::Site site;                            ///< of what may go wrong
  std::uint32_t position = 0;                    ///< counts through all regions; several instructions may have one
  std::uint32_t last = never;  ///< the position where its result is read for the last time; never: it stays
};

/// A named place of an input or a value that is asked for.
struct Port {
  std::string name;
  Location location;
};

/// A graph compiled to straight-line code. What nothing asks for is not there. Values that no lane can influence are
/// computed once per step instead of once per lane. Registers are shared by values that are never alive together, and
/// an update is computed in place where it can be.
struct Program {
  Form form = Form::block;
  std::vector<Instruction> setup;
  std::vector<Instruction> prologue;
  std::vector<Instruction> observe;
  std::vector<Instruction> record;
  std::vector<Instruction> update;
  std::vector<Port> inputs;                            ///< as ProgramSpec::inputs
  std::vector<Port> observed;                          ///< as ProgramSpec::observed; valid between observe and update
  std::vector<Port> recorded;                          ///< as ProgramSpec::recorded; valid between record and update
  std::vector<std::pair<Location, double>> constants;  ///< to fill in before setup
  std::vector<std::pair<Location, program::Data>> constant_vectors;
  Location clock;                         ///< the input with the step's number, if any
  std::shared_ptr<const Program> timing;  ///< gives what depends on the clock alone; its lanes are steps
  std::vector<Location> timed;            ///< where what `timing` observes goes before observe
  std::uint32_t lane_rows = 0;            ///< sizes of the spaces, in rows
  std::uint32_t uniform_rows = 0;
  std::uint32_t constant_rows = 0;
  std::uint32_t longest = 0;  ///< rows of the longest value

  /// The number of the input of that name. Throws std::logic_error when there is none.
  [[nodiscard]] std::size_t input(std::string_view name) const;
};

/// What a loop repeats or a branch does in one case: a program of its own that sees nothing but its inputs. These are
/// what it captures, then what it carries from one iteration to the next, then the number of the iteration, from 1, if
/// it wants that. A loop observes its test, if it has one, then what is stacked; a branch observes its results.
struct Region {
  Program body;
  std::vector<Location> operands;  ///< what is captured, then what is carried in
  std::size_t captured = 0;
  std::uint32_t count = 1;  ///< a loop's most iterations
  bool tests = false;       ///< whether the loop has a test
  bool counts = false;      ///< whether there is an input for the number of the iteration
};

/// Compiles what the spec asks for. Time and memory grow linearly with the part of the graph that is needed.
Program compile(const program::Graph& graph, const ProgramSpec& spec, Form form = Form::block,
                const Passes& passes = {});

/// Whether the operation can be half of a fused instruction. The outer half may also be the inner one of none.
bool is_fusible(language::Op op, std::int32_t aux);

/// The program, an instruction per line, for tests and people.
std::string to_text(const Program& program);

/// Throws std::logic_error, with the program's text, when a place is read that nothing has written or lies outside its
/// space, or when positions fall.
void check(const Program& program);

}  // namespace optexplore::compile
