#include <algorithm>

#include "compile/draft.hpp"

namespace optexplore::compile {
namespace {

using program::no_node;
using program::NodeId;

class Scheduler {
 public:
  explicit Scheduler(Draft& draft) : draft_(draft), visited_(draft.graph.size(), false) {}

  void run() {
    Borders& borders = draft_.borders;
    visit_rate(Rate::constant);
    borders.setup = position();
    visit_rate(Rate::run);
    borders.prologue = position();
    for (const ProgramOutput& output : draft_.spec.observed) visit(output.node);
    // What both the recorded values and the update need must not depend on whether the step is recorded.
    const std::vector<bool> for_update = reached_from(updates());
    const std::vector<bool> for_record = reached_from(recorded());
    for (const NodeId id : draft_.needed)
      if (for_update[id] && for_record[id]) visit(id);
    borders.observe = position();
    for (const ProgramOutput& output : draft_.spec.recorded) visit(output.node);
    borders.record = position();
    for (const NodeId id : updates()) visit(id);
    borders.update = position();
  }

 private:
  [[nodiscard]] std::uint32_t position() const { return static_cast<std::uint32_t>(draft_.order.size()); }

  void visit_rate(Rate rate) {
    for (const NodeId id : draft_.needed)
      if (draft_.uses[id].rate == rate && !draft_.uses[id].fused) visit(id);
  }

  [[nodiscard]] std::vector<NodeId> updates() const {
    std::vector<NodeId> roots;
    for (const ProgramInput& input : draft_.spec.inputs)
      if (input.update != no_node) roots.push_back(input.update);
    return roots;
  }
  [[nodiscard]] std::vector<NodeId> recorded() const {
    std::vector<NodeId> roots;
    for (const ProgramOutput& output : draft_.spec.recorded) roots.push_back(output.node);
    return roots;
  }

  [[nodiscard]] std::vector<bool> reached_from(const std::vector<NodeId>& roots) const {
    std::vector<bool> reached(draft_.graph.size(), false);
    for (const NodeId id : roots) reached[id] = true;
    for (auto it = draft_.needed.rbegin(); it != draft_.needed.rend(); ++it)
      if (reached[*it]) draft_.for_each_operand(*it, [&](NodeId arg) { reached[arg] = true; });
    return reached;
  }

  void visit(NodeId root) {
    std::vector<NodeId> pending{root};
    while (!pending.empty()) {
      const NodeId id = pending.back();
      if (visited_[id]) {
        pending.pop_back();
        continue;
      }
      const std::size_t before = pending.size();
      draft_.for_each_operand(id, [&](NodeId arg) {
        if (!visited_[arg]) pending.push_back(arg);
      });
      if (pending.size() != before) {
        std::reverse(pending.begin() + static_cast<std::ptrdiff_t>(before), pending.end());  // the first one first
        continue;
      }
      pending.pop_back();
      visited_[id] = true;
      if (draft_.is_leaf(id) || draft_.is_view(id)) continue;
      draft_.uses[id].position = position();
      draft_.order.push_back(id);
    }
  }

  Draft& draft_;
  std::vector<bool> visited_;
};

}  // namespace

void schedule(Draft& draft) { Scheduler(draft).run(); }

}  // namespace optexplore::compile
