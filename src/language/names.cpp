#include "language/names.hpp"

#include <algorithm>

namespace optexplore::language {

bool any_name(const Ast& ast, const std::function<bool(const std::string& name)>& holds) {
  if (ast.kind == Ast::Kind::name) return holds(ast.text);
  const auto in = [&](std::size_t first, std::size_t end, const auto& predicate) {
    return std::any_of(ast.args.begin() + static_cast<std::ptrdiff_t>(first),
                       ast.args.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](const AstPtr& arg) { return any_name(*arg, predicate); });
  };
  const bool loop = ast.kind == Ast::Kind::call && (ast.text == "sum" || ast.text == "prod") && ast.args.size() == 4;
  if (!loop) return in(0, ast.args.size(), holds);
  const std::string& index = ast.args[0]->text;
  const std::function<bool(const std::string&)> outside = [&](const std::string& name) {
    return name != index && holds(name);
  };
  return in(1, 3, holds) || in(3, 4, outside);
}

}  // namespace optexplore::language
