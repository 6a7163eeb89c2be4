#include <optexplore/parsed.hpp>

#include "language/parser.hpp"

namespace optexplore {
namespace {

language::Expression parse(const std::string& text, const language::Expression*) {
  return language::parse_expression(text);
}
language::Assignment parse(const std::string& text, const language::Assignment*) {
  return language::parse_assignment(text);
}
language::Counting parse(const std::string& text, const language::Counting*) { return language::parse_counting(text); }
language::Definition parse(const std::string& text, const language::Definition*) {
  return language::parse_definition(text);
}

}  // namespace

template <class Tree>
Parsed<Tree> Parsed<Tree>::read(const std::string& text) {
  Parsed result;
  result.tree_ = std::make_shared<const Tree>(parse(text, static_cast<const Tree*>(nullptr)));
  result.text_ = text;
  return result;
}

template Formula Parsed<language::Expression>::read(const std::string&);
template AssignmentText Parsed<language::Assignment>::read(const std::string&);
template CountingText Parsed<language::Counting>::read(const std::string&);
template DefinitionText Parsed<language::Definition>::read(const std::string&);

}  // namespace optexplore
