#include "experiment/blocks.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "text/pattern.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {
namespace {

/// The number of the group that the block belongs to, or how many there are.
std::size_t group_of(const PointBlock& block, const OptimizerSpec& optimizer) {
  const auto has_block = [&](const std::string& pattern) { return text::matches(pattern, block.name); };
  const auto found = std::ranges::find_if(
      optimizer.groups, [&](const auto& patterns) { return std::ranges::any_of(patterns, has_block); });
  return static_cast<std::size_t>(found - optimizer.groups.begin());
}

std::string blocks_text(const FunctionSpec& function) {
  std::vector<std::string> names;
  for (const PointBlock& block : function.blocks()) names.push_back("'" + block.name + "'");
  return function.entry.name + " has " + (names.size() == 1 ? "the block " : "the blocks ") + text::join(names, ", ");
}

void check(const OptimizerSpec& optimizer, const FunctionSpec& function, const json::Places& places) {
  std::vector<std::string> names;
  for (const PointBlock& block : function.blocks()) names.push_back(block.name);
  for (std::size_t group = 0; group < optimizer.groups.size(); ++group)
    for (const std::string& pattern : optimizer.groups[group])
      if (std::ranges::none_of(names, [&](const std::string& name) { return text::matches(pattern, name); }))
        throw InputError(
            "no block is called '" + pattern + "'; " + blocks_text(function) + text::did_you_mean(pattern, names), "",
            places.of(optimizer.pointer + "/groups/" + std::to_string(group) + "/blocks"));
  for (const PointBlock& block : function.blocks())
    if (group_of(block, optimizer) == optimizer.groups.size())
      throw InputError("the block '" + block.name + "' of " + function.entry.name +
                           " is in no group; add a last one with \"blocks\": \"*\"",
                       "", places.of(optimizer.pointer + "/groups"));
}

}  // namespace

program::Shape shape_of(const PointBlock& block) {
  const auto rows = static_cast<std::uint32_t>(block.rows), columns = static_cast<std::uint32_t>(block.columns);
  if (block.rank == 0) return {};
  return block.rank == 1 ? program::Shape{rows} : program::matrix_shape(rows, columns);
}

std::vector<PointBlock> blocks_of(const RuleUse& use, const OptimizerSpec& optimizer, const FunctionSpec& function) {
  std::vector<PointBlock> blocks = function.blocks();
  if (use.group)
    std::erase_if(blocks, [&](const PointBlock& block) { return group_of(block, optimizer) != *use.group; });
  return blocks;
}

void check_groups(const Experiment& experiment, const json::Places& places) {
  for (const OptimizerSpec& optimizer : experiment.optimizers)
    for (const FunctionSpec& function : experiment.functions)
      if (!optimizer.groups.empty()) check(optimizer, function, places);
}

}  // namespace optexplore::experiment
