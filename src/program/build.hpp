#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "language/ast.hpp"
#include "program/graph.hpp"

namespace optexplore::program {

/// What a function is called with: nodes in the order of its parameters; no_node: missing before the last given.
struct CallArguments : std::span<const NodeId> {
  CallArguments(std::span<const NodeId> nodes, std::size_t given_by_place)
      : std::span<const NodeId>(nodes), placed(given_by_place) {}
  std::size_t placed;  ///< how many were given by their places, the others by name
  /// Arguments that are functions: the parameter, and the name of a function in the caller's scope.
  std::map<std::string, std::string> functions{};
};

/// The names and functions an expression may use besides the language's own. A name is made when it is first
/// used, so what nobody asks for (the gradient, say) is never built.
struct Scope {
  using Make = std::function<NodeId()>;
  struct Function {
    /// Gets the arguments' nodes, as many as the language's word of that name allows; may throw InputError without an
    /// excerpt, the caller adds the place.
    std::function<NodeId(const CallArguments&)> build;
    /// Names by which its arguments may be given, too, when `placed` of them stand before those: by their places, and
    /// "" where there is none. A function that is no word of the language has them, and counts its arguments itself.
    std::function<std::vector<std::string>(std::size_t placed)> parameters = {};
    /// Parameters that are functions themselves: given by name, and to them the name of a function of the scope.
    std::vector<std::string> function_parameters = {};
  };
  /// Names that come in great numbers, such as x1 … x100000: known when they are asked for.
  struct Family {
    std::function<Make(const std::string& name)> find;          ///< an empty Make: none of them
    std::function<void(std::vector<std::string>& names)> list;  ///< appends all names, for suggestions
  };
  /// Functions that come in great numbers; those of `functions` and the language go before them.
  struct FunctionFamily {
    std::function<std::optional<Function>(const std::string& name)> find;
    std::function<void(std::vector<std::string>& names)> list;  ///< appends all names, for suggestions
  };
  /// Names that are not available here, and why: "a rule knows no particular function; use x[1]".
  struct Refusal {
    std::function<bool(const std::string& name)> covers;
    std::string why;
  };

  std::vector<Family> families;  ///< their names go before those of `names`
  std::map<std::string, Make> names;
  std::map<std::string, Function> functions;
  std::vector<FunctionFamily> function_families;
  std::map<std::string, std::string> unavailable;  ///< name, why
  std::vector<Refusal> refusals;                   ///< asked after `unavailable`

  void set(const std::string& name, NodeId node) {
    names[name] = [node] { return node; };
  }
  /// How the name is made; empty when it isn't there.
  [[nodiscard]] Make find(const std::string& name) const;
  /// Why the name is not available, if there is more to say than that nobody knows it.
  [[nodiscard]] std::optional<std::string> why_unavailable(const std::string& name) const;
  /// All names in alphabetical order.
  [[nodiscard]] std::vector<std::string> all_names() const;
};

/// Makes a definition's coordinates available at `point`: x and y, or the vector's name; and n, or what it is called.
void add_coordinates(Scope& scope, Graph& graph, const language::Definition& definition, NodeId point);

/// Makes a definition's intermediate values available in a scope that has its coordinates and parameters.
void add_intermediate_values(Scope& scope, Graph& graph, const language::Definition& definition);

/// The value of a definition in such a scope, which gets its intermediate values: a number.
NodeId build_definition(Graph& graph, const language::Definition& definition, Scope& scope);

/// Builds an expression into the graph. Throws InputError with a caret for undefined names, wrong numbers of
/// arguments, shapes that don't fit, indices out of range.
NodeId build(Graph& graph, const language::Expression& expression, const Scope& scope);

/// The value of a name after an assignment to it or to some of its elements.
/// @param old  what it was; used only when elements are assigned
NodeId assign(Graph& graph, const language::Assignment& assignment, NodeId old, const Scope& scope);

/// As build(), and the result must be a scalar. `what` begins the message: "a function's value".
NodeId build_scalar(Graph& graph, const language::Expression& expression, const Scope& scope, const std::string& what);

}  // namespace optexplore::program
