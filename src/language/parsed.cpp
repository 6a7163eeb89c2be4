#include <optexplore/parsed.hpp>

#include "language/parser.hpp"

namespace optexplore {
namespace {

template <class Tree>
std::shared_ptr<const Tree> share(Tree tree) {
  return std::make_shared<const Tree>(std::move(tree));
}

}  // namespace

template <>
Formula Formula::read(const std::string& text) {
  Formula result;
  result.tree_ = share(language::parse_expression(text));
  result.text_ = text;
  return result;
}

template <>
AssignmentText AssignmentText::read(const std::string& text) {
  AssignmentText result;
  result.tree_ = share(language::parse_assignment(text));
  result.text_ = text;
  return result;
}

template <>
DefinitionText DefinitionText::read(const std::string& text) {
  DefinitionText result;
  result.tree_ = share(language::parse_definition(text));
  result.text_ = text;
  return result;
}

}  // namespace optexplore
