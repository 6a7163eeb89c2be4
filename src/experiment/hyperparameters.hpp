#pragma once

#include <optexplore/experiment.hpp>
#include <string>
#include <vector>

namespace optexplore::experiment {

/// A hyperparameter of an optimizer. Every output, and every text that speaks of one, takes its name from here.
struct Hyperparameter {
  enum class Kind { constant, schedule, choice, axis };  ///< as Setting has them

  /// Unique in the optimizer. A name that only one rule of the chain has stays as it is: "lr". One that several have
  /// gets the use's name in front: "adam.lr", "sgd2.lr".
  std::string name;
  std::size_t use = 0;               ///< which rule of the chain
  std::string parameter;             ///< the rule's own name for it: "lr"
  const Setting* setting = nullptr;  ///< the optimizer's

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(setting->index()); }
  /// The formulas that an axis goes through, or null.
  [[nodiscard]] const std::vector<Formula>* alternatives() const;
  /// Whether it is a number during a run: a constant, or an axis' value.
  [[nodiscard]] bool number() const {
    return kind() == Kind::constant || (kind() == Kind::axis && alternatives() == nullptr);
  }
  /// What a run with this value of it says: a number's text, a formula's or a choice's.
  [[nodiscard]] std::string text(double value) const;
  /// The names of all values of a choice.
  const std::vector<std::string>* choices = nullptr;
};

/// All hyperparameters, rule by rule in the chain's order. `optimizer` must outlive them.
std::vector<Hyperparameter> hyperparameters(const OptimizerSpec& optimizer);

/// What an optimizer says of its gradient, by the names that it has in configs: "gradient", "h"; nothing where it takes
/// the experiment's.
std::vector<std::pair<std::string, std::string>> evaluation_settings(const OptimizerSpec& optimizer);

/// Whether some hyperparameter is drawn at random.
bool drawn_at_random(const OptimizerSpec& optimizer);

/// A rule with all hyperparameters at their defaults.
RuleUse default_use(RuleEntry rule);

/// What a use of a rule of this name is called: "custom" for a rule without a name.
std::string plain_use_name(const std::string& rule);

/// Unique names of a chain's uses: a rule's second use is "sgd2".
/// @param rules  the rules' names
std::vector<std::string> use_names(const std::vector<std::string>& rules);
std::vector<std::string> use_names(const OptimizerSpec& optimizer);

/// Names of things that belong to the uses of a chain, made unique by the one rule that Hyperparameter::name follows.
struct UseName {
  std::size_t use = 0;
  std::string name;
};
std::vector<std::string> unique_names(const std::vector<UseName>& names, const std::vector<std::string>& uses);

}  // namespace optexplore::experiment
