#include <algorithm>
#include <span>

#include "compile/draft.hpp"

namespace optexplore::compile {
namespace {

using language::Op;
using program::no_node;
using program::Node;
using program::NodeId;

class Allocator {
 public:
  explicit Allocator(Draft& draft) : d_(draft), uses_(draft.uses), program_(draft.program) {}

  void run() {
    find_homes();
    find_lifetimes();
    place_permanent();
    if (d_.passes.in_place) place_updates_in_state();
    emit_all();
    emit_copies();
    program_.form = d_.form;
    program_.lane_rows = space(Location::Space::lanes).size();
    program_.uniform_rows = space(Location::Space::uniform).size();
    program_.constant_rows = space(Location::Space::constant).size();
    for (const NodeId id : d_.needed) program_.longest = std::max(program_.longest, d_.rows(id));
  }

 private:
  // --- blocks: a view lives in what it views; a part of a concat is computed right in its place

  void find_homes() {
    for (auto it = d_.needed.rbegin(); it != d_.needed.rend(); ++it) {
      const NodeId id = *it;
      const Node& node = d_.node(id);
      if (d_.is_view(id)) {
        uses_[id].home = node.args[0];
        uses_[id].home_offset = node.aux;
      }
      if (node.op != Op::concat || stays(id)) continue;
      std::uint32_t offset = 0;
      for (const NodeId part : node.args) {
        Use& use = uses_[part];
        if (use.home == no_node && use.position != never && use.per_lane == uses_[id].per_lane && !stays(part)) {
          use.home = id;
          use.home_offset = offset;
        }
        offset += d_.rows(part);
      }
    }
  }

  /// Whether it is computed before the first step and kept.
  [[nodiscard]] bool stays(NodeId id) const { return uses_[id].rate == Rate::constant || uses_[id].rate == Rate::run; }

  void find_lifetimes() {
    for (const NodeId id : d_.order) {
      Use& block = uses_[d_.owner(id).first];
      block.block_start = std::min(block.block_start, uses_[id].position);
      d_.for_each_operand(id, [&](NodeId arg) { touch(arg, uses_[id].position); });
    }
    for (const ProgramOutput& output : d_.spec.observed) touch(output.node, d_.borders.record);
    for (const ProgramOutput& output : d_.spec.recorded) touch(output.node, d_.borders.record);
    for (const ProgramInput& input : d_.spec.inputs)
      if (input.update != no_node) touch(input.update, d_.borders.update);
  }

  void touch(NodeId id, std::uint32_t position) {
    Use& block = uses_[d_.owner(id).first];
    block.last = std::max(block.last, position);
  }

  // --- places

  Registers& space(Location::Space which) { return spaces_[static_cast<std::size_t>(which) - 1]; }

  void place_permanent() {
    for (const ProgramInput& input : d_.spec.inputs) {
      keep(input.node);
      if (input.value) program_.constants.emplace_back(uses_[input.node].location, *input.value);
      if (input.clock) program_.clock = uses_[input.node].location;
    }
    for (const NodeId id : d_.needed) {
      const Node& node = d_.node(id);
      if (node.op == Op::constant) {
        keep(id);
        if (node.data)
          program_.constant_vectors.emplace_back(uses_[id].location, node.data);
        else
          program_.constants.emplace_back(uses_[id].location, node.value);
      } else if (uses_[id].timed) {
        keep(id);
        program_.timed.push_back(uses_[id].location);
      } else if (stays(id) && !d_.is_leaf(id) && !uses_[id].fused && d_.owner(id).first == id) {
        keep(id);
      }
    }
    for (const ProgramInput& input : d_.spec.inputs)
      program_.inputs.push_back({input.name, uses_[input.node].location});
  }

  void keep(NodeId id) {
    Use& use = uses_[id];
    if (use.location.space != Location::Space::none) return;
    const std::uint32_t rows = d_.rows(id);
    use.location = {d_.space_of(id), space(d_.space_of(id)).take(rows), rows};
    use.permanent = true;
  }

  /// An update is computed right in its state's place when nothing reads the old value any more.
  void place_updates_in_state() {
    for (const ProgramInput& input : d_.spec.inputs) {
      const NodeId id = input.update;
      if (id == no_node || id == input.node || uses_[id].home != no_node || d_.is_leaf(id)) continue;
      Use& use = uses_[id];
      const Use& state = uses_[input.node];
      if (use.location.space != Location::Space::none || use.per_lane != state.per_lane || stays(id)) continue;
      if (d_.rows(id) != d_.rows(input.node)) continue;
      if (state.last > use.block_start) continue;
      // Read by the very instruction that writes it: fine when both go through it element by element.
      if (state.last == use.block_start && !aligned(id, input.node)) continue;
      if (use.block_start < d_.borders.record) continue;  // observed first, replaced only by the update
      use.location = state.location;
      use.permanent = true;
    }
  }

  /// Whether node `id` is elementwise and reads `block` only as a whole operand of its own layout.
  [[nodiscard]] bool aligned(NodeId id, NodeId block) const {
    if (!language::is_elementwise(d_.node(id).op)) return false;
    return !d_.any_operand(id, [&](NodeId arg) {
      return d_.owner(arg).first == block &&
             (arg != block || d_.rows(arg) != d_.rows(id) || uses_[arg].per_lane != uses_[id].per_lane);
    });
  }

  [[nodiscard]] Location locate(NodeId id) const {
    const auto [block, offset] = d_.owner(id);
    Location location = uses_[block].location;
    location.offset += offset;
    location.rows = d_.rows(id);
    return location;
  }

  // --- code

  void emit_all() {
    const Borders& borders = d_.borders;
    std::vector<std::vector<NodeId>> dying(borders.update + 1);
    for (const NodeId id : d_.order) {
      const NodeId block = d_.owner(id).first;
      if (block == id && !uses_[block].permanent && uses_[block].last < borders.update)
        dying[std::max(uses_[block].last, uses_[id].position)].push_back(block);
    }
    for (std::uint32_t at = 0; at < borders.update; ++at) {
      if (at == borders.record) write_outputs();
      const NodeId id = d_.order[at];
      reserve(id, dying[at]);
      emit(id, at);
      for (const NodeId block : dying[at]) release(block);
    }
    if (program_.observed.size() < d_.spec.observed.size() || program_.recorded.size() < d_.spec.recorded.size())
      write_outputs();
  }

  void write_outputs() {
    for (const ProgramOutput& output : d_.spec.observed)
      program_.observed.push_back({output.name, locate(output.node)});
    for (const ProgramOutput& output : d_.spec.recorded)
      program_.recorded.push_back({output.name, locate(output.node)});
  }

  /// Gives the block of `id` a place: that of an operand that dies here when they line up, else a fresh one.
  void reserve(NodeId id, std::vector<NodeId>& dying) {
    const NodeId block = d_.owner(id).first;
    Use& use = uses_[block];
    if (use.location.space != Location::Space::none) return;
    if (d_.passes.in_place && block == id && language::is_elementwise(d_.node(id).op)) {
      for (NodeId& victim : dying) {
        if (victim == id || uses_[victim].location.space != d_.space_of(id)) continue;
        if (d_.rows(victim) != d_.rows(id) || !reads(id, victim) || !aligned(id, victim)) continue;
        use.location = uses_[victim].location;
        victim = dying.back();
        dying.pop_back();
        return;
      }
    }
    const std::uint32_t rows = d_.rows(block);
    use.location = {d_.space_of(block), space(d_.space_of(block)).take(rows), rows};
  }

  [[nodiscard]] bool reads(NodeId id, NodeId block) const {
    return d_.any_operand(id, [&](NodeId arg) { return arg == block; });
  }

  void release(NodeId block) {
    const Location& location = uses_[block].location;
    if (location.space == Location::Space::none) return;
    space(location.space).give_back(location.offset, location.rows);
  }

  std::vector<Instruction>& code(std::uint32_t at) {
    if (at < d_.borders.setup) return program_.setup;
    if (at < d_.borders.prologue) return program_.prologue;
    if (at < d_.borders.observe) return program_.observe;
    return at < d_.borders.record ? program_.record : program_.update;
  }

  /// The last position that reads what `id` writes; never when its place is read from outside or in a later step.
  [[nodiscard]] std::uint32_t last_read(NodeId id) const {
    const Use& block = uses_[d_.owner(id).first];
    return block.permanent ? never : block.last;
  }

  void emit(NodeId id, std::uint32_t at) {
    const Node& node = d_.node(id);
    if (node.op == Op::concat) return emit_concat(id, at);
    Instruction instruction;
    instruction.op = node.op;
    instruction.out = locate(id);
    instruction.position = at;
    instruction.last = last_read(id);
    instruction.aux = static_cast<std::int32_t>(node.aux);
    instruction.aux2 = node.aux2;
    instruction.data = node.data;
    instruction.shape = node.shape;
    instruction.site = node.site;
    if (node.op == Op::loop) {
      instruction.region = region(id, *node.body, node.args);
    } else if (node.op == Op::branch) {
      instruction.arity = 1;
      instruction.args[0] = locate(node.args[0]);
      const std::span<const NodeId> captured = std::span(node.args).subspan(1);
      instruction.region = region(id, *node.body, captured);
      instruction.otherwise = region(id, *node.otherwise, captured);
    } else if (uses_[id].inner != no_node) {
      emit_fused(id, instruction);
    } else {
      instruction.limited = node.body;
      instruction.arity = static_cast<std::uint8_t>(node.args.size());
      for (std::size_t k = 0; k < node.args.size(); ++k) {
        instruction.args[k] = locate(node.args[k]);
        instruction.arg_shapes[k] = d_.graph.shape(node.args[k]);
      }
    }
    if (language::is_reduction(node.op)) instruction.aux = static_cast<std::int32_t>(terms(node));
    code(at).push_back(std::move(instruction));
  }

  /// How many terms each element of a reduction has.
  [[nodiscard]] std::uint32_t terms(const Node& node) const {
    const program::Shape shape = d_.graph.shape(node.args[0]);
    return node.aux2 == 0 ? shape.size() : node.aux2 == 1 ? shape.rows() : shape.columns;
  }

  void emit_fused(NodeId id, Instruction& instruction) const {
    const Node& outer = d_.node(id);
    const std::uint8_t side = uses_[id].inner_side;
    const Node& inner = d_.node(uses_[id].inner);
    instruction.op = inner.op;
    instruction.aux = static_cast<std::int32_t>(inner.aux);
    instruction.arity = static_cast<std::uint8_t>(inner.args.size());
    for (std::size_t k = 0; k < inner.args.size(); ++k) instruction.args[k] = locate(inner.args[k]);
    instruction.outer = outer.op;
    instruction.outer_arity = static_cast<std::uint8_t>(outer.args.size());
    instruction.inner_side = side;
    if (outer.args.size() == 2) instruction.args[2] = locate(outer.args[1U - side]);
  }

  /// @param operands  what is captured, then what is carried in
  [[nodiscard]] std::shared_ptr<const Region> region(NodeId id, const program::Body& body,
                                                     std::span<const NodeId> operands) const {
    const bool is_loop = d_.node(id).op == Op::loop;
    const bool per_lane = uses_[id].per_lane;
    auto result = std::make_shared<Region>();
    result->captured = body.captured.size();
    result->count = is_loop ? d_.node(id).aux : 1;
    result->tests = body.test != no_node;
    result->counts = body.index != no_node;
    ProgramSpec spec;
    spec.body = true;
    for (std::size_t k = 0; k < operands.size(); ++k) {
      result->operands.push_back(locate(operands[k]));
      if (k < body.captured.size())
        spec.inputs.push_back({body.captured[k], uses_[operands[k]].per_lane, true, no_node, "captured"});
    }
    for (std::size_t k = 0; k < body.carried.size(); ++k)
      spec.inputs.push_back({body.carried[k], per_lane, false, body.next[k], "carried"});
    if (result->counts) spec.inputs.push_back({body.index, false, false, no_node, "index"});
    if (result->tests) spec.observed.emplace_back(body.test, "test");
    for (const NodeId each : is_loop ? body.stacked : body.next)
      spec.observed.emplace_back(each, is_loop ? "stacked" : "result");
    result->body = compile(body.graph, spec, d_.form, d_.passes);
    return result;
  }

  /// Copies the parts that could not be computed in place.
  void emit_concat(NodeId id, std::uint32_t at) {
    Location out = locate(id);
    for (const NodeId part : d_.node(id).args) {
      const std::uint32_t rows = d_.rows(part);
      const Location from = locate(part);
      const Location to{out.space, out.offset, rows};
      out.offset += rows;
      if (from.space != to.space || from.offset != to.offset) code(at).push_back(copy(to, from, at, last_read(id)));
    }
  }

  static Instruction copy(Location to, Location from, std::uint32_t at, std::uint32_t last) {
    Instruction instruction;
    instruction.op = Op::fill;
    instruction.out = to;
    instruction.args[0] = from;
    instruction.arity = 1;
    instruction.position = at;
    instruction.last = last;
    return instruction;
  }

  /// Moves the updates that were computed elsewhere. Those that are states themselves (two states exchanged,
  /// say) go through a register of their own, since their place may be overwritten first.
  void emit_copies() {
    const std::uint32_t end = d_.borders.update;
    std::vector<Instruction> last;
    for (const ProgramInput& input : d_.spec.inputs) {
      if (input.update == no_node || input.update == input.node) continue;
      const Location to = uses_[input.node].location;
      Location from = locate(input.update);
      if (from.space == to.space && from.offset == to.offset) continue;
      if (d_.node(d_.owner(input.update).first).op == Op::input) {
        const Location stop{to.space, space(to.space).take(to.rows), to.rows};
        program_.update.push_back(copy(stop, from, end, end));
        from = stop;
      }
      last.push_back(copy(to, from, end, never));
    }
    program_.update.insert(program_.update.end(), last.begin(), last.end());
  }

  Draft& d_;
  std::vector<Use>& uses_;
  Program& program_;
  std::array<Registers, 3> spaces_;
};

}  // namespace

void allocate(Draft& draft) { Allocator(draft).run(); }

}  // namespace optexplore::compile
