#pragma once

#include <cstdint>
#include <optexplore/catalog.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace optexplore {

/// Point `i` of `n` equally spaced ones; both ends are exact.
double spaced(double low, double high, std::uint64_t i, std::uint64_t n);

/// Several values of one quantity; each makes runs of its own.
struct Variation {
  enum class Kind { list, linear, log, uniform, loguniform };
  Kind kind = Kind::list;
  std::vector<double> values;          ///< list: the values
  std::vector<Formula> formulas = {};  ///< list: in place of numbers, schedules or vectors; then at() gives the place
  double low = 0;                      ///< otherwise the ends
  double high = 0;
  std::uint64_t size = 0;  ///< linear and log: number of points; random kinds: the optimizer's samples

  /// Whether the values are drawn: then all random settings of an optimizer are drawn together.
  [[nodiscard]] bool random() const { return kind == Kind::uniform || kind == Kind::loguniform; }
  /// How many values there are.
  [[nodiscard]] std::uint64_t count() const {
    return kind != Kind::list ? size : formulas.empty() ? values.size() : formulas.size();
  }
  [[nodiscard]] bool varied() const { return count() > 1; }
  /// Value `i` (from 0) of a kind that isn't random; both ends are met exactly.
  [[nodiscard]] double at(std::uint64_t i) const;
  /// The value of a random kind at the uniform number `u` in [0, 1).
  [[nodiscard]] double at_quantile(double u) const;
};

/// A hyperparameter's setting: a constant (NaN: null), a formula (a schedule in t, or a vector with a number for each
/// coordinate), a choice, or several values.
using Setting = std::variant<double, Formula, Choice, Variation>;

/// Blocks that have rules of their own: those that match a pattern and that no group before has.
struct BlockGroup {
  std::size_t set = 0;              ///< which of the optimizer's "groups" it is in, from 0: they are side by side
  std::size_t number = 0;           ///< its place there, from 0
  std::vector<std::string> blocks;  ///< patterns of their names, "W*"
  std::vector<std::string> before;  ///< patterns of the groups before it
  std::string pointer;              ///< where it stands in the config: "/optimizers/1/groups/0"
};

/// One rule of a chain with all of its hyperparameters, in the rule's order, defaults filled in.
struct RuleUse {
  RuleEntry rule;
  std::vector<std::pair<std::string, Setting>> settings;
  std::vector<std::string> given;        ///< names of the hyperparameters that the user set
  std::optional<BlockGroup> group = {};  ///< the blocks that it is for; nothing: all
  std::string pointer;                   ///< where it stands in the config: "/optimizers/1" or "/optimizers/1/chain/0"
};

enum class GradientMode { exact, forward, central };

/// The numbers that a rule and a function compute with: the result of every operation is rounded to the format.
enum class Precision { float64, float32, float16, bfloat16 };

/// An optimizer: a chain of rules run one after another in each step.
struct OptimizerSpec {
  std::string label;  ///< unique in the experiment
  std::string type;   ///< the rule's name, or the names joined with "+" for a chain; "" for an inline rule
  std::vector<RuleUse> chain;
  std::uint64_t samples = 1;                  ///< how many random settings to draw
  std::optional<GradientMode> gradient = {};  ///< what its gradients are; nothing: as the experiment says
  std::optional<double> h = {};               ///< difference step of forward and central; nothing: the experiment's
  std::optional<Precision> precision = {};    ///< of its numbers; nothing: the experiment's
  std::string pointer;                        ///< "/optimizers/1"
};

/// A part of a function's point that optimizers see as one tensor: a number, a vector or a matrix. The numbers of
/// f(x,y) are one block together. A point has its blocks one after another, a matrix row by row.
struct PointBlock {
  std::string name;        ///< "W"; "x, y" of f(x,y)
  std::size_t offset = 0;  ///< the number of its first coordinate
  unsigned rank = 1;       ///< 0: a number, 1: a vector, 2: a matrix
  std::size_t rows = 1;    ///< of a vector: its elements
  std::size_t columns = 1;
  [[nodiscard]] std::size_t size() const { return rows * columns; }
};

/// A function of fixed dimension.
struct FunctionSpec {
  FunctionEntry entry;
  std::size_t dim = 0;
  std::vector<std::vector<double>> minimizers;  ///< known ones in this dimension; dim elements each
  std::optional<double> minimum;  ///< the known global minimum in this dimension; of -f when f is maximized
  std::string pointer;            ///< "/function" or "/functions/2"

  /// 1, or -1 when f is maximized: sign()*f is what rules minimize.
  [[nodiscard]] double sign() const { return entry.maximize ? -1 : 1; }
  /// The blocks of its point, in order.
  [[nodiscard]] std::vector<PointBlock> blocks() const;
  /// The name of coordinate `i` (from 0): "y", "x2"; where there is more than one vector "b_2", "W_1_2".
  [[nodiscard]] std::string coordinate(std::size_t i) const;
  /// The number of the coordinate of that name, from 0.
  [[nodiscard]] std::optional<std::size_t> find_coordinate(std::string_view name) const;
  /// The interval of coordinate `i` in the function's domain; nothing when no domain is known.
  [[nodiscard]] std::optional<Interval> interval(std::size_t i) const;
  /// The function's own start, dim elements; empty when it has none.
  [[nodiscard]] std::vector<double> start() const;
};

/// A catalogue entry or a definition in a dimension. Texts for the minimum and the minimizers are evaluated in it.
/// @param dim  0: the one that the definition fixes, else the entry's default
/// @throws InputError when the dimension isn't known, or what the entry says per coordinate doesn't fit it
FunctionSpec make_function(FunctionEntry entry, std::size_t dim = 0);

/// Where some blocks of a point begin.
struct BlockStart {
  std::string blocks;                      ///< a pattern of their names, "W*"
  std::variant<Parameter, Formula> value;  ///< numbers, or an expression of rows, cols, rank, n and draws
  std::string place;                       ///< where it stands in the config, for messages
};

/// Where runs begin.
struct StartSpec {
  enum class Kind { function_default, points, grid, uniform, normal, domain, blocks };
  /// The distribution of one coordinate.
  struct Normal {
    double mean = 0;
    double sd = 1;
  };
  Kind kind = Kind::function_default;
  std::vector<std::vector<double>> points;  ///< points; one number stands for every coordinate of each function
  std::vector<Interval> box;                ///< grid, uniform: one interval per coordinate
  std::vector<std::uint64_t> counts;        ///< grid: number of points per coordinate
  std::vector<Normal> normal;               ///< normal: one per coordinate
  std::vector<BlockStart> blocks = {};      ///< blocks: a block begins where the first that has it says
  std::uint64_t count = 1;                  ///< uniform, normal, domain, blocks: number of random points
};

/// An output column: a built-in name ("step", "grad_norm", "state.m") or `name=expression`.
struct ColumnSpec {
  std::string name;
  Formula expression;  ///< nothing for a built-in name
};

/// A validated experiment: every name resolved, every count and shape checked, every text parsed, nothing compiled yet.
struct Experiment {
  std::vector<FunctionSpec> functions;
  std::vector<OptimizerSpec> optimizers;
  StartSpec start;
  std::uint64_t steps = 100;
  std::uint64_t seed = 0;
  std::uint64_t seeds = 1;  ///< runs per setting and start, with seeds seed, seed+1, …
  GradientMode gradient = GradientMode::exact;
  double h = 1e-6;  ///< difference step of forward and central
  Precision precision = Precision::float64;
  Formula stop;  ///< nothing: runs go on to the last step
};

/// What a config says: an experiment, and the columns that `run` shows of it (none: the default ones).
struct Config {
  Experiment experiment;
  std::vector<ColumnSpec> columns;
};

/// Reads a config.
/// @param text    JSON with // comments; empty counts as {}
/// @param source  its name in messages: "book.json", "<stdin>"
/// @throws InputError naming source:line:col for syntax, a JSON pointer for meaning
Config read_config(std::string_view text, const std::string& source);

/// The experiment of a config alone. Throws as read_config does.
Experiment read_experiment(std::string_view text, const std::string& source);

}  // namespace optexplore
