#pragma once

#include <cstdint>
#include <optexplore/parsed.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace optexplore {

/// A function's parameter: a number, a vector, or a matrix given by its rows (all of one length).
using Parameter = std::variant<double, std::vector<double>, std::vector<std::vector<double>>>;

/// An interval of one coordinate.
struct Interval {
  double low = 0;
  double high = 0;
};

/// A function to minimize, as the catalogue or a config describes it. Texts are in the expression language.
struct FunctionEntry {
  std::string name;                  ///< "rosenbrock"; "f" for an inline definition
  std::vector<std::string> aliases;  ///< other names: "ackley" of "ackley01"
  std::string title;                 ///< "Rosenbrock's valley"
  DefinitionText definition;         ///< "f(x[n]) = sum(k, 1, n-1, …)"
  std::vector<std::pair<std::string, Parameter>> params;
  std::vector<Formula> gradient;  ///< user-given partial derivatives, one per coordinate; empty: exact
  std::vector<Interval> domain;   ///< one per coordinate, or a single one for all; may be empty
  std::vector<double> start;      ///< default start: a pattern that is repeated as far as there are coordinates
  /// Known global minimizers: points of the dimension they have, a single number for every coordinate, or expressions
  /// of n and the parameters, which stay true for other parameters.
  std::vector<std::variant<std::vector<double>, Formula>> minimizers;
  /// The known global minimum, a number or such an expression. A number goes with the minimizers: it holds in every
  /// dimension that has one.
  std::optional<std::variant<double, Formula>> minimum;
  bool maximize = false;  ///< rules go up: minimizers and minimum are those of -f, which is what they minimize
  std::size_t dim = 0;    ///< default dimension of an f(x[n]) definition; 0 when the definition fixes it
  std::vector<std::string> tags;
  std::string reference;
  std::string note;
  std::string file;  ///< where it was read, if not in the catalogue or a config
};

/// One of the names that a hyperparameter may have for a value.
struct Choice {
  Choice(std::string chosen, std::size_t place) : name(std::move(chosen)), index(place) {}
  std::string name;
  std::size_t index;  ///< its place among them, from 0: the value in expressions
  bool operator==(const Choice&) const = default;
};

/// A hyperparameter's default: a number (NaN: null, a framework's None), an expression of t (a schedule) or of other
/// hyperparameters, or a choice.
using DefaultValue = std::variant<double, Formula, Choice>;

/// A line of an update: an assignment, or lines under a condition or in a loop.
struct Statement {
  /// Only the lines of one of two lists are done.
  struct If {
    Formula condition;
    std::vector<Statement> then;
    std::vector<Statement> otherwise;
  };
  /// Lines that are done again as long as the condition holds.
  struct While {
    Formula condition;
    std::vector<Statement> body;
    std::uint32_t at_most = 0;         ///< rounds; after so many the condition isn't asked again
    std::vector<Statement> otherwise;  ///< done after at_most rounds
  };
  /// Lines that are done for every whole number of a range.
  struct For {
    CountingText range;
    std::vector<Statement> body;
  };

  Statement(AssignmentText assignment) : what(std::move(assignment)) {}           // NOLINT: implicit
  Statement(const std::string& assignment) : what(AssignmentText(assignment)) {}  // NOLINT: implicit
  Statement(const char* assignment) : what(AssignmentText(assignment)) {}         // NOLINT: implicit
  Statement(If branch) : what(std::move(branch)) {}                               // NOLINT: implicit
  Statement(While loop) : what(std::move(loop)) {}                                // NOLINT: implicit
  Statement(For loop) : what(std::move(loop)) {}                                  // NOLINT: implicit

  std::variant<AssignmentText, If, While, For> what;
};

/// Statements with inputs and outputs that rules use by name: "a, tries = strong_wolfe(d, c1=1e-4)". They see what the
/// rule sees at that place: x, g, f, grad, hvp, n, t, …; the names that they assign are their own.
struct ProcedureEntry {
  std::string name;
  std::string title;
  /// In order, with their defaults, which may use inputs before them; none: required.
  std::vector<std::pair<std::string, std::optional<Formula>>> inputs;
  /// Inputs that are functions, with what they are by default: "accept(ga) = 1". A caller gives a shorthand of its own
  /// by its name: "accept=descends".
  std::vector<DefinitionText> functions;
  std::vector<std::string> outputs;
  std::vector<DefinitionText> define;
  std::vector<Statement> body;
  std::string reference;
  std::string note;
  std::string file;     ///< where it was read, if not in the catalogue or a config
  std::string pointer;  ///< its place in the config, or in the file
};

/// An update rule. Texts are in the expression language; assignments run in order.
struct RuleEntry {
  /// What of a point with several blocks it sees as its x. By default a rule is applied to each block by itself, unless
  /// it evaluates the function elsewhere or asks for its Hessian, as a line search does: then to the whole point, which
  /// in a group of blocks is that group.
  enum class Scope : unsigned char { by_default, block, point };
  std::string name;  ///< "adam", "rmsprop.dlfs"; empty for an inline rule
  std::string title;
  std::string group;  ///< one of rule_groups(), by which lists are ordered; may be empty outside the catalogue
  std::vector<std::pair<std::string, DefaultValue>> params;
  /// Hyperparameters whose value is one of some names; `variant.inc` is 1 in the update where variant is inc, else 0.
  std::vector<std::pair<std::string, std::vector<std::string>>> choices;
  /// Settings that have a name together: "domain", which is given like a hyperparameter that is true or false.
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, DefaultValue>>>> presets;
  Scope scope = Scope::by_default;
  std::vector<std::pair<std::string, Formula>> state;  ///< name, initial value
  std::vector<DefinitionText> define;  ///< shorthands: "phi(a) = f(x + a*d)", which may use what the update has
  std::vector<Statement> update;
  std::vector<ProcedureEntry> procedures;  ///< of the rule's or the config's own; they go before those of the catalogue
  std::string reference;
  std::string note;
  std::string file;  ///< where it was read, if not in the catalogue or a config
};

/// A schedule: a function of t (the number of the update, from 1) and steps, for use in any expression that has them.
struct ScheduleEntry {
  std::string name;  ///< "cosine_decay"
  std::string title;
  /// Arguments in order with their defaults, which may use steps and earlier arguments; none: required.
  std::vector<std::pair<std::string, std::optional<Formula>>> params;
  std::vector<Formula> require;  ///< what must hold of the arguments: "length > 0"
  Formula value;                 ///< in terms of the arguments, t and steps
  std::string example;           ///< a call that makes a good picture over 100 steps
  std::string reference;
  std::string note;
};

namespace catalog {

/// Names of all functions / rules in alphabetical order. Nothing is parsed.
std::vector<std::string> function_names();
/// The functions' aliases, in alphabetical order, and the names they stand for.
const std::vector<std::pair<std::string, std::string>>& function_aliases();
std::vector<std::string> rule_names();

/// What rules are for: "quasi_newton", "quasi-Newton methods".
struct RuleGroup {
  std::string_view name;
  std::string_view title;
};

/// The groups of rules in the order of lists.
std::span<const RuleGroup> rule_groups();
std::vector<std::string> schedule_names();
std::vector<std::string> procedure_names();

/// Whether the catalogue has a function of that name or alias.
bool has_function(std::string_view name);
/// Whether the catalogue has a procedure of that name.
bool has_procedure(std::string_view name);

/// The entry of that name or alias; a function or rule may also be a file of the user's, "lib/mine.json", and a
/// function an expression of functions' names: "-ackley", "rosenbrock + 0.1*himmelblau", a function of their common
/// point. Throws InputError naming the nearest entry when there is none, IoError.
FunctionEntry function(std::string_view name);
RuleEntry rule(std::string_view name);
/// Read when it is first asked for, on any thread; lives as long as the program.
const ScheduleEntry& schedule(std::string_view name);
const ProcedureEntry& procedure(std::string_view name);
/// A procedure in a file of the user's. Throws as function() does.
ProcedureEntry procedure_file(const std::string& path);

/// What a file of the user's holds, by its keys.
enum class FileKind { function, rule, procedure, experiment };
/// Throws InputError when the file isn't a JSON object, IoError.
FileKind file_kind(const std::string& path);

/// The JSON text of a rule as compiled in. Throws as rule() does.
std::string_view rule_text(std::string_view name);

}  // namespace catalog
}  // namespace optexplore
