#include "study/vocabulary.hpp"

#include <algorithm>

#include "experiment/hyperparameters.hpp"
#include "language/ast.hpp"

namespace optexplore::study {

std::vector<std::string> dotted(const std::string& prefix, const std::string& use, const std::string& name) {
  return {prefix + "." + name, prefix + "." + use + "." + name};
}

Vocabulary::Vocabulary(const Experiment& experiment) : functions_(&experiment.functions), prefixes_({"", "g."}) {
  for (const FunctionSpec& function : experiment.functions) {
    if (!function.minimizers.empty()) names_.insert("dist");
    if (function.minimum) names_.insert("gap");
    const std::vector<PointBlock> blocks = function.blocks();
    if (!function.entry.definition.tree().of_numbers())
      for (const PointBlock& block : blocks) names_.insert({block.name, "g." + block.name});
    for (const language::Assignment& value : function.entry.definition.tree().where) names_.insert(value.name);
  }
  for (const OptimizerSpec& optimizer : experiment.optimizers) {
    const std::vector<std::string> uses = experiment::use_names(optimizer);
    for (std::size_t k = 0; k < optimizer.chain.size(); ++k) {
      for (const auto& [name, initial] : optimizer.chain[k].rule.state)
        for (const std::string& full : dotted("state", uses[k], name)) {
          names_.insert(full);
          prefixes_.insert(full + ".");
          for (const FunctionSpec& function : experiment.functions)
            for (const PointBlock& block : function.blocks()) names_.insert(full + "." + block.name);
        }
      for (const auto& [name, setting] : optimizer.chain[k].settings) {
        for (const char* prefix : {"hp", "d"})
          for (const std::string& full : dotted(prefix, uses[k], name)) names_.insert(full);
        for (const std::string& full : dotted("dx", uses[k], name)) {
          names_.insert(full);
          prefixes_.insert(full + ".");
        }
        if (name == "lr") names_.insert("sharpness");
      }
    }
  }
}

bool Vocabulary::has(const std::string& name) const {
  if (names_.contains(name)) return true;
  return std::ranges::any_of(prefixes_, [&](const std::string& prefix) {
    return name.starts_with(prefix) && is_coordinate(std::string_view(name).substr(prefix.size()));
  });
}

bool Vocabulary::is_coordinate(std::string_view name) const {
  return std::ranges::any_of(*functions_,
                             [name](const FunctionSpec& f) { return f.find_coordinate(name).has_value(); });
}

}  // namespace optexplore::study
