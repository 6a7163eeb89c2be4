#pragma once

#include <cstdint>
#include <map>
#include <optexplore/catalog.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace optexplore {

/// Several values of one quantity; each makes runs of its own.
struct Variation {
  enum class Kind { list, linear, log, uniform, loguniform };
  Kind kind = Kind::list;
  std::vector<double> values;  ///< list: the values
  double low = 0;              ///< otherwise the ends
  double high = 0;
  std::uint64_t count = 0;  ///< linear and log: number of points; random kinds: the optimizer's samples
};

/// A hyperparameter's setting: a constant, a schedule (an expression of t) or a choice's name, or several values.
using Setting = std::variant<double, std::string, Variation>;

/// One rule of a chain with all of its hyperparameters, in the rule's order, defaults filled in.
struct RuleUse {
  RuleEntry rule;
  std::vector<std::pair<std::string, Setting>> settings;
  std::vector<std::string> given;  ///< names of the hyperparameters that the user set
  std::string pointer;             ///< where it stands in the config: "/optimizers/1" or "/optimizers/1/chain/0"
};

/// An optimizer: a chain of rules run one after another in each step.
struct OptimizerSpec {
  std::string label;  ///< unique in the experiment
  std::string type;   ///< the rule's name, or the names joined with "+" for a chain; "" for an inline rule
  std::vector<RuleUse> chain;
  std::uint64_t samples = 1;  ///< how many random settings to draw
  std::string pointer;        ///< "/optimizers/1"
};

/// A function of fixed dimension with the names of its coordinates.
struct FunctionSpec {
  FunctionEntry entry;
  std::size_t dim = 0;
  std::vector<std::string> coordinates;  ///< "x","y" or "x1".."xn"; empty above 100000 dimensions (made on demand)
  std::vector<std::vector<double>>
      minimizers;                 ///< known ones in this dimension; one number stands for every coordinate
  std::optional<double> minimum;  ///< the known global minimum in this dimension
  std::string pointer;            ///< "/function" or "/functions/2"
};

/// Where runs begin.
struct StartSpec {
  enum class Kind { function_default, points, grid, uniform, normal, domain };
  /// The distribution of one coordinate.
  struct Normal {
    double mean = 0;
    double sd = 1;
  };
  Kind kind = Kind::function_default;
  std::vector<std::vector<double>> points;  ///< points; one number stands for every coordinate
  std::vector<Interval> box;                ///< grid, uniform: one interval per coordinate
  std::vector<std::uint64_t> counts;        ///< grid: number of points per coordinate
  std::vector<Normal> normal;               ///< normal: one per coordinate
  std::uint64_t count = 1;                  ///< uniform, normal, domain: number of random points
};

enum class GradientMode { exact, forward, central };

/// An output column: a built-in name ("step", "grad_norm", "state.m") or `name=expression`.
struct ColumnSpec {
  std::string name;
  std::string expression;  ///< empty for a built-in name
};

/// A validated experiment: every name resolved, every count and shape checked, nothing compiled yet.
struct Experiment {
  std::vector<FunctionSpec> functions;
  std::vector<OptimizerSpec> optimizers;
  StartSpec start;
  std::uint64_t steps = 100;
  std::uint64_t seed = 0;
  std::uint64_t seeds = 1;  ///< runs per setting and start, with seeds seed, seed+1, …
  GradientMode gradient = GradientMode::exact;
  double h = 1e-6;                  ///< difference step of forward and central
  std::string stop;                 ///< empty: none
  std::vector<ColumnSpec> columns;  ///< empty: the default columns
  /// JSON pointers of what flags wrote, and those flags as messages show them: "/stop" → "--stop".
  std::map<std::string, std::string> flags;
};

/// How messages call what stands at a JSON pointer of the config: the flag that wrote it or the nearest part
/// that contains it; else the pointer itself.
std::string place_of(const Experiment& experiment, const std::string& pointer);

/// What the command line adds to, or replaces in, a config. Texts as typed; see `optexplore run --help`.
struct Overrides {
  std::optional<std::string> function;  ///< -f: a definition or a catalogue name
  std::optional<std::string> start;     ///< --start: "-7,2" or JSON
  std::optional<std::string> steps;     ///< -n
  std::optional<std::string> seed;
  std::optional<std::string> stop;
  std::optional<std::string> gradient;  ///< --gradient exact|central|forward
  std::optional<std::string> columns;   ///< --columns: names and name=expression, separated by commas
  std::vector<std::string> optimizers;  ///< -O: TYPE[:key=value,…][ | TYPE…]; replace the config's
  bool function_only = false;           ///< nothing will run: a start and optimizers may be missing
  std::string optimizer_flag = "-O";    ///< what messages put in front of an optimizer's text
  std::vector<std::string> sets;        ///< --set: PATH=VALUE
};

/// Reads a config (JSON with // comments) and applies `overrides` to it.
/// @param text     the config; empty when flags say it all (then it counts as {})
/// @param source   its name in messages: "book.json", "<stdin>"
/// @throws InputError naming source:line:col for syntax, a JSON pointer or a flag for meaning
Experiment read_experiment(std::string_view text, const std::string& source, const Overrides& overrides = {});

}  // namespace optexplore
