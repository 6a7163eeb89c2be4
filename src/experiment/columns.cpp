#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "experiment/document.hpp"
#include "experiment/read.hpp"
#include "language/lexer.hpp"
#include "language/parser.hpp"
#include "text/place.hpp"

namespace optexplore::experiment {
namespace {

/// Where a '=' stands that isn't part of ==, <=, >= or !=.
std::size_t find_assignment(std::string_view text) {
  constexpr std::string_view comparing = "=<>!";
  for (std::size_t i = text.find('='); i != std::string_view::npos; i = text.find('=', i + 1)) {
    if (i + 1 < text.size() && text[i + 1] == '=')
      ++i;  // the first of ==
    else if (i == 0 || comparing.find(text[i - 1]) == std::string_view::npos)
      return i;
  }
  return std::string_view::npos;
}

/// "step", "grad_norm", "state.m"
bool is_column_name(std::string_view text) {
  try {
    const auto tokens = language::tokenize(text);
    return tokens.size() == 2 && tokens.front().kind == language::Token::Kind::name;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace

ColumnSpec read_column(const Cursor& cursor) {
  const std::string text = cursor.text();
  const std::size_t equals = find_assignment(text);
  const std::string name(trimmed(std::string_view(text).substr(0, equals)));
  if (equals == std::string::npos) {
    if (!is_column_name(name))
      cursor.fail("expected a column's name or name=expression, found '" + text +
                  "'; write for example value=" + (name.empty() ? "norm(point)" : name));
    return {name, {}};
  }
  if (!language::is_identifier(name)) cursor.fail("'" + name + "' can't name a column: expected letters, digits and _");
  return text::with_place(
      [&] { return cursor.place(); },
      [&] {
        return ColumnSpec{name, Formula::read(std::string(trimmed(std::string_view(text).substr(equals + 1))))};
      });
}

}  // namespace optexplore::experiment
