#include "experiment/blocks.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "text/pattern.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {
namespace {

using Patterns = std::vector<std::string>;

bool match(const Patterns& patterns, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return text::matches(pattern, name); });
}

bool has(const BlockGroup& group, const PointBlock& block) {
  return match(group.blocks, block.name) && !match(group.before, block.name);
}

std::string blocks_text(const FunctionSpec& function) {
  std::vector<std::string> names;
  for (const PointBlock& block : function.blocks()) names.push_back("'" + block.name + "'");
  return function.entry.name + " has " + (names.size() == 1 ? "the block " : "the blocks ") + text::join(names, ", ");
}

void check(const BlockGroup& group, const FunctionSpec& function, const json::Places& places) {
  Patterns names;
  for (const PointBlock& block : function.blocks()) names.push_back(block.name);
  for (const std::string& pattern : group.blocks)
    if (std::ranges::none_of(names, [&](const std::string& name) { return text::matches(pattern, name); }))
      throw InputError(
          "no block is called '" + pattern + "'; " + blocks_text(function) + text::did_you_mean(pattern, names), "",
          places.of(group.pointer + "/blocks"));
}

void check_last(const BlockGroup& group, const FunctionSpec& function, const json::Places& places) {
  const std::string list = group.pointer.substr(0, group.pointer.rfind('/'));
  for (const PointBlock& block : function.blocks())
    if (!match(group.blocks, block.name) && !match(group.before, block.name))
      throw InputError("the block '" + block.name + "' of " + function.entry.name +
                           " is in no group; add a last one with \"blocks\": \"*\"",
                       "", places.of(list));
}

void check(const OptimizerSpec& optimizer, const std::vector<FunctionSpec>& functions, const json::Places& places) {
  const std::vector<RuleUse>& chain = optimizer.chain;
  for (const RuleUse& use : chain) {
    if (!use.group) continue;
    const BlockGroup& group = *use.group;
    for (const FunctionSpec& function : functions) check(group, function, places);
    const auto is_used = [&](const FunctionSpec& function) {
      return std::ranges::any_of(function.blocks(), [&](const PointBlock& block) { return has(group, block); });
    };
    if (std::ranges::none_of(functions, is_used))
      throw InputError("groups before it have all blocks of this one; a block belongs to the first group that names it",
                       "", places.of(group.pointer + "/blocks"));
  }
  for (std::size_t k = 0; k < chain.size(); ++k)
    if (chain[k].group && (k + 1 == chain.size() || !side_by_side(chain[k], chain[k + 1])))
      for (const FunctionSpec& function : functions) check_last(*chain[k].group, function, places);
}

}  // namespace

program::Shape shape_of(const PointBlock& block) {
  const auto rows = static_cast<std::uint32_t>(block.rows), columns = static_cast<std::uint32_t>(block.columns);
  if (block.rank == 0) return {};
  return block.rank == 1 ? program::Shape{rows} : program::matrix_shape(rows, columns);
}

std::vector<PointBlock> blocks_of(const RuleUse& use, const FunctionSpec& function) {
  std::vector<PointBlock> blocks = function.blocks();
  if (use.group) std::erase_if(blocks, [&](const PointBlock& block) { return !has(*use.group, block); });
  return blocks;
}

bool side_by_side(const RuleUse& a, const RuleUse& b) { return a.group && b.group && a.group->set == b.group->set; }

bool same_group(const RuleUse& a, const RuleUse& b) { return side_by_side(a, b) && a.group->number == b.group->number; }

void check_groups(const Experiment& experiment, const json::Places& places) {
  for (const OptimizerSpec& optimizer : experiment.optimizers) check(optimizer, experiment.functions, places);
}

}  // namespace optexplore::experiment
