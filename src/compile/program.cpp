#include "compile/program.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "compile/registers.hpp"

namespace optexplore::compile {
namespace {

using language::Op;
using program::Graph;
using program::no_node;
using program::Node;
using program::NodeId;

constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();

bool is_view(Op op) { return op == Op::elem || op == Op::slice; }
bool is_leaf(Op op) { return op == Op::input || op == Op::constant; }

/// What is known about a node that the program needs.
struct Use {
  bool needed = false;
  bool per_lane = false;
  bool invariant = false;          ///< the same in every step of a run
  std::uint32_t position = never;  ///< in the schedule; never for leaves and views
  std::uint32_t last = 0;          ///< last position that reads its block
  NodeId home = no_node;           ///< the concat (or viewed node) whose block it lives in
  std::uint32_t home_offset = 0;
  std::uint32_t block_start = never;  ///< for the owner of a block: first position that writes to it
  Location location;
};

class Compiler {
 public:
  Compiler(const Graph& graph, const ProgramSpec& spec)
      : g_(graph), spec_(spec), uses_(graph.size()), visited_(graph.size(), false), permanent_(graph.size(), false) {}

  Program run() {
    mark_needed();
    find_per_lane();
    schedule();
    find_homes();
    find_lifetimes();
    place_permanent();
    place_updates_in_state();
    emit_all();
    emit_copies();
    program_.lane_rows = space_[1].size();
    program_.uniform_rows = space_[0].size();
    return std::move(program_);
  }

 private:
  // --- what is needed, and by whom

  void mark_needed() {
    for (const NodeId id : spec_.observed) uses_[id].needed = true;
    for (const NodeId id : spec_.recorded) uses_[id].needed = true;
    for (const ProgramInput& input : spec_.inputs) {
      uses_[input.node].needed = true;
      if (input.update != no_node) uses_[input.update].needed = true;
    }
    for (std::size_t id = uses_.size(); id-- > 0;)
      if (uses_[id].needed)
        for (const NodeId arg : g_[static_cast<NodeId>(id)].args) uses_[arg].needed = true;
  }

  /// A state is the same for every lane when its update is: assumed first, then withdrawn until it holds.
  void find_per_lane() {
    for (const ProgramInput& input : spec_.inputs) {
      uses_[input.node].per_lane = input.per_lane;
      uses_[input.node].invariant = input.constant;
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (NodeId id = 0; id < uses_.size(); ++id) {
        const Node& node = g_[id];
        if (!uses_[id].needed || node.op == Op::input) continue;
        uses_[id].per_lane = node.op == Op::random || any_arg(node, [&](NodeId a) { return uses_[a].per_lane; });
        uses_[id].invariant = node.op != Op::random && !any_arg(node, [&](NodeId a) { return !uses_[a].invariant; });
      }
      for (const ProgramInput& input : spec_.inputs) {
        if (input.update == no_node || uses_[input.node].per_lane || !uses_[input.update].per_lane) continue;
        uses_[input.node].per_lane = true;
        changed = true;
      }
    }
  }

  template <class F>
  static bool any_arg(const Node& node, F f) {
    return std::any_of(node.args.begin(), node.args.end(), f);
  }

  // --- the schedule: arguments first, depth first, so that values die young

  void schedule() {
    for (NodeId id = 0; id < uses_.size(); ++id)
      if (uses_[id].needed && uses_[id].invariant) visit(id);
    prologue_end_ = position();
    for (const NodeId id : spec_.observed) visit(id);
    // What both the recorded values and the update need must not depend on whether the step is recorded.
    const std::vector<bool> for_update = reached_from_updates();
    const std::vector<bool> for_record = reached_from(spec_.recorded);
    for (NodeId id = 0; id < uses_.size(); ++id)
      if (for_update[id] && for_record[id]) visit(id);
    observe_end_ = position();
    for (const NodeId id : spec_.recorded) visit(id);
    mark_ = position();
    for (const ProgramInput& input : spec_.inputs)
      if (input.update != no_node) visit(input.update);
    end_ = position();
  }

  [[nodiscard]] std::uint32_t position() const { return static_cast<std::uint32_t>(order_.size()); }

  std::vector<bool> reached_from(const std::vector<NodeId>& roots) const {
    std::vector<bool> reached(uses_.size(), false);
    for (const NodeId id : roots) reached[id] = true;
    for (std::size_t id = uses_.size(); id-- > 0;)
      if (reached[id])
        for (const NodeId arg : g_[static_cast<NodeId>(id)].args) reached[arg] = true;
    return reached;
  }
  std::vector<bool> reached_from_updates() const {
    std::vector<NodeId> roots;
    for (const ProgramInput& input : spec_.inputs)
      if (input.update != no_node) roots.push_back(input.update);
    return reached_from(roots);
  }

  void visit(NodeId root) {
    std::vector<NodeId> pending{root};
    while (!pending.empty()) {
      const NodeId id = pending.back();
      if (visited_[id]) {
        pending.pop_back();
        continue;
      }
      const std::vector<NodeId>& args = g_[id].args;
      const std::size_t before = pending.size();
      for (std::size_t k = args.size(); k-- > 0;)
        if (!visited_[args[k]]) pending.push_back(args[k]);
      if (pending.size() != before) continue;
      pending.pop_back();
      visited_[id] = true;
      if (is_leaf(g_[id].op) || is_view(g_[id].op)) continue;
      uses_[id].position = static_cast<std::uint32_t>(order_.size());
      order_.push_back(id);
    }
  }

  // --- blocks: a view lives in what it views; a part of a concat is computed right in its place

  void find_homes() {
    for (std::size_t i = uses_.size(); i-- > 0;) {
      const auto id = static_cast<NodeId>(i);
      const Node& node = g_[id];
      if (!uses_[id].needed) continue;
      if (is_view(node.op)) {
        uses_[id].home = node.args[0];
        uses_[id].home_offset = node.aux;
      }
      if (node.op != Op::concat || uses_[id].invariant) continue;
      std::uint32_t offset = 0;
      for (const NodeId part : node.args) {
        Use& use = uses_[part];
        if (use.home == no_node && use.position != never && use.per_lane == uses_[id].per_lane && !use.invariant) {
          use.home = id;
          use.home_offset = offset;
        }
        offset += g_.shape(part).rows();
      }
    }
  }

  /// The node that owns the block `id` lives in, and where in it.
  std::pair<NodeId, std::uint32_t> owner(NodeId id) const {
    std::uint32_t offset = 0;
    while (uses_[id].home != no_node) {
      offset += uses_[id].home_offset;
      id = uses_[id].home;
    }
    return {id, offset};
  }

  void find_lifetimes() {
    for (const NodeId id : order_) {
      Use& block = uses_[owner(id).first];
      block.block_start = std::min(block.block_start, uses_[id].position);
      for (const NodeId arg : g_[id].args) touch(arg, uses_[id].position);
    }
    for (const NodeId id : spec_.observed) touch(id, mark_);
    for (const NodeId id : spec_.recorded) touch(id, mark_);
    for (const ProgramInput& input : spec_.inputs)
      if (input.update != no_node) touch(input.update, end_);
  }

  void touch(NodeId id, std::uint32_t position) {
    Use& block = uses_[owner(id).first];
    block.last = std::max(block.last, position);
  }

  // --- places

  Registers& space(bool per_lane) { return space_[per_lane ? 1 : 0]; }
  static Location::Space space_name(bool per_lane) {
    return per_lane ? Location::Space::lanes : Location::Space::uniform;
  }

  void place_permanent() {
    for (const ProgramInput& input : spec_.inputs) keep(input.node);
    for (NodeId id = 0; id < uses_.size(); ++id) {
      if (!uses_[id].needed) continue;
      const Node& node = g_[id];
      if (node.op == Op::constant) {
        keep(id);
        if (node.data)
          program_.constant_vectors.emplace_back(uses_[id].location, node.data);
        else
          program_.constants.emplace_back(uses_[id].location, node.value);
      } else if (uses_[id].invariant && !is_leaf(node.op) && owner(id).first == id) {
        keep(id);
      }
    }
    for (const ProgramInput& input : spec_.inputs) program_.inputs.push_back(uses_[input.node].location);
  }

  void keep(NodeId id) {
    Use& use = uses_[id];
    if (use.location.space != Location::Space::none) return;
    const std::uint32_t rows = g_.shape(id).rows();
    use.location = {space_name(use.per_lane), space(use.per_lane).permanent(rows), rows};
    permanent_[id] = true;
  }

  /// An update is computed right in its state's place when nothing reads the old value any more.
  void place_updates_in_state() {
    for (const ProgramInput& input : spec_.inputs) {
      const NodeId id = input.update;
      if (id == no_node || id == input.node || uses_[id].home != no_node || is_leaf(g_[id].op)) continue;
      Use& use = uses_[id];
      const Use& state = uses_[input.node];
      if (use.location.space != Location::Space::none || use.per_lane != state.per_lane) continue;
      if (g_.shape(id) != g_.shape(input.node)) continue;
      if (state.last > use.block_start) continue;
      // Read by the very instruction that writes it: fine when both go through it element by element.
      if (state.last == use.block_start && !aligned(id, input.node)) continue;
      if (use.block_start < mark_ && state.last >= mark_) continue;
      if (use.block_start < mark_) continue;  // observed first, replaced only by the update
      use.location = state.location;
      permanent_[id] = true;
    }
  }

  /// Whether node `id` is elementwise and reads `block` only as a whole operand of its own shape.
  bool aligned(NodeId id, NodeId block) const {
    const Node& node = g_[id];
    if (!language::is_elementwise(node.op)) return false;
    return !any_arg(node, [&](NodeId arg) {
      return owner(arg).first == block &&
             (arg != block || g_.shape(arg) != node.shape || uses_[arg].per_lane != uses_[id].per_lane);
    });
  }

  Location locate(NodeId id) const {
    const auto [block, offset] = owner(id);
    Location location = uses_[block].location;
    location.offset += offset;
    location.rows = g_.shape(id).rows();
    return location;
  }

  // --- code

  void emit_all() {
    std::vector<std::vector<NodeId>> dying(end_ + 1);
    for (const NodeId id : order_) {
      const NodeId block = owner(id).first;
      if (block == id && !permanent_[block] && uses_[block].last < end_)
        dying[std::max(uses_[block].last, uses_[id].position)].push_back(block);
    }
    observed_pending_ = true;
    for (std::uint32_t at = 0; at < end_; ++at) {
      if (at == mark_) record_observed();
      const NodeId id = order_[at];
      reserve(id, dying[at]);
      emit(id, at);
      for (const NodeId block : dying[at]) release(block);
    }
    if (observed_pending_) record_observed();
  }

  void record_observed() {
    for (const NodeId id : spec_.observed) program_.observed.push_back(locate(id));
    for (const NodeId id : spec_.recorded) program_.recorded.push_back(locate(id));
    observed_pending_ = false;
  }

  /// Gives the block of `id` a place: that of an operand that dies here when they line up, else a fresh one.
  void reserve(NodeId id, std::vector<NodeId>& dying) {
    const NodeId block = owner(id).first;
    Use& use = uses_[block];
    if (use.location.space != Location::Space::none) return;
    if (block == id && language::is_elementwise(g_[id].op)) {
      for (NodeId& victim : dying) {
        if (victim == id || uses_[victim].location.space != space_name(use.per_lane)) continue;
        if (g_.shape(victim).rows() != g_.shape(id).rows() || !reads(id, victim) || !aligned_rows(id, victim)) continue;
        use.location = uses_[victim].location;
        victim = dying.back();
        dying.pop_back();
        return;
      }
    }
    const std::uint32_t rows = g_.shape(block).rows();
    use.location = {space_name(use.per_lane), space(use.per_lane).take(rows), rows};
  }

  bool reads(NodeId id, NodeId block) const {
    return any_arg(g_[id], [&](NodeId arg) { return arg == block; });
  }
  bool aligned_rows(NodeId id, NodeId block) const {
    return !any_arg(g_[id], [&](NodeId arg) { return owner(arg).first == block && arg != block; });
  }

  void release(NodeId block) {
    const Location& location = uses_[block].location;
    if (location.space == Location::Space::none) return;
    space(location.space == Location::Space::lanes).give_back(location.offset, location.rows);
  }

  std::vector<Instruction>& code(std::uint32_t at) {
    if (at < prologue_end_) return program_.prologue;
    if (at < observe_end_) return program_.observe;
    return at < mark_ ? program_.record : program_.update;
  }

  void emit(NodeId id, std::uint32_t at) {
    const Node& node = g_[id];
    if (node.op == Op::concat) return emit_concat(id, at);
    Instruction instruction{
        node.op,   locate(id), {}, static_cast<std::uint8_t>(node.args.size()), static_cast<std::int32_t>(node.aux),
        node.aux2, node.data};
    for (std::size_t k = 0; k < node.args.size(); ++k) instruction.args[k] = locate(node.args[k]);
    if (language::is_reduction(node.op)) instruction.aux = static_cast<std::int32_t>(g_.shape(node.args[0]).rows());
    code(at).push_back(std::move(instruction));
  }

  /// Copies the parts that could not be computed in place.
  void emit_concat(NodeId id, std::uint32_t at) {
    Location out = locate(id);
    for (const NodeId part : g_[id].args) {
      const std::uint32_t rows = g_.shape(part).rows();
      const Location from = locate(part);
      const Location to{out.space, out.offset, rows};
      out.offset += rows;
      if (from.space != to.space || from.offset != to.offset) code(at).push_back(copy(to, from));
    }
  }

  static Instruction copy(Location to, Location from) { return {Op::fill, to, {from, {}, {}}, 1, 0, 0, nullptr}; }

  /// Moves the updates that were computed elsewhere. Those that are states themselves (two states exchanged,
  /// say) go through a register of their own, since their place may be overwritten first.
  void emit_copies() {
    std::vector<Instruction> last;
    for (const ProgramInput& input : spec_.inputs) {
      if (input.update == no_node || input.update == input.node) continue;
      const Location to = uses_[input.node].location;
      Location from = locate(input.update);
      if (from.space == to.space && from.offset == to.offset) continue;
      if (g_[owner(input.update).first].op == Op::input) {
        const bool per_lane = to.space == Location::Space::lanes;
        const Location stop{to.space, space(per_lane).take(to.rows), to.rows};
        program_.update.push_back(copy(stop, from));
        from = stop;
      }
      last.push_back(copy(to, from));
    }
    program_.update.insert(program_.update.end(), last.begin(), last.end());
  }

  const Graph& g_;
  const ProgramSpec& spec_;
  std::vector<Use> uses_;
  std::vector<bool> visited_;
  std::vector<bool> permanent_;
  std::vector<NodeId> order_;
  std::uint32_t prologue_end_ = 0;
  std::uint32_t observe_end_ = 0;
  std::uint32_t mark_ = 0;  ///< where the update begins
  std::uint32_t end_ = 0;
  bool observed_pending_ = false;
  std::array<Registers, 2> space_;
  Program program_;
};

}  // namespace

Program compile(const Graph& graph, const ProgramSpec& spec) { return Compiler(graph, spec).run(); }

}  // namespace optexplore::compile
