#include "catalog/combination.hpp"

#include <algorithm>
#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "language/parser.hpp"
#include "language/words.hpp"
#include "text/caret.hpp"
#include "text/wrap.hpp"

namespace optexplore::catalog {
namespace {

using language::Ast;

struct Use {
  std::string name;
  text::Span span;
};

/// The functions' names, in the text's order.
std::vector<Use> uses_in(const Ast& ast) {
  std::vector<Use> uses;
  if (ast.kind == Ast::Kind::name && language::find_word(language::Word::Kind::constant, ast.text) == nullptr)
    uses.push_back({ast.text, ast.span});
  for (const language::AstPtr& arg : ast.args)
    for (Use& use : uses_in(*arg)) uses.push_back(std::move(use));
  return uses;
}

bool is_known(const Use& use) { return has_function(use.name); }

/// All names in a text that is an expression and no single name; else none.
std::vector<Use> read_uses(const std::string& text) {
  try {
    const language::Expression expression = language::parse_expression(text);
    return expression.root->kind == Ast::Kind::name ? std::vector<Use>() : uses_in(*expression.root);
  } catch (const InputError&) {
    return {};
  }
}

}  // namespace

bool is_combination(std::string_view text) {
  const std::vector<Use> uses = read_uses(std::string(text));
  return !uses.empty() && std::ranges::all_of(uses, is_known);
}

void check_names(std::string_view text) {
  const std::vector<Use> uses = read_uses(std::string(text));
  if (std::ranges::none_of(uses, is_known)) return;
  for (const Use& use : uses) function(use.name);
}

bool names_function(std::string_view text) {
  return language::is_identifier(text) || text.ends_with(".json") || is_combination(text);
}

FunctionEntry combination(std::string_view text) {
  const std::vector<Use> uses = read_uses(std::string(text));
  std::vector<FunctionEntry> entries;
  for (const Use& use : uses) entries.push_back(function(use.name));
  // Named coordinates fix the dimension; without them the first one's vector stands for the point.
  const auto named =
      std::ranges::find_if(entries, [](const FunctionEntry& entry) { return entry.definition.tree().of_numbers(); });
  const auto fixed =
      std::ranges::find_if(entries, [](const FunctionEntry& entry) { return entry.definition.tree().fixed_dim != 0; });
  const FunctionEntry& first = entries.front();
  const std::size_t dim = fixed == entries.end() ? 0 : fixed->definition.tree().fixed_dim;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (const std::size_t own = entries[i].definition.tree().fixed_dim; own != 0 && own != dim)
      throw text::error_at(std::string(text), uses[i].span,
                           entries[i].name + " has " + std::to_string(own) + " coordinates, " + fixed->name + " has " +
                               std::to_string(dim));
  std::string point, head;
  if (named != entries.end()) {
    point = head = text::join(named->definition.tree().argument_names(), ", ");
  } else {
    const language::Definition& definition = first.definition.tree();
    point = definition.arguments.front().name;
    head = point + "[" + (dim != 0 ? std::to_string(dim) : definition.dim_name) + "]";
  }
  std::string body(text);
  for (auto use = uses.rbegin(); use != uses.rend(); ++use) body.insert(use->span.end, "(" + point + ")");

  FunctionEntry entry;
  entry.name = text;
  entry.definition = DefinitionText::read("f(" + head + ") = " + body);
  if (dim == 0) entry.dim = first.dim;
  entry.domain = first.domain;
  entry.start = first.start;
  return entry;
}

}  // namespace optexplore::catalog
