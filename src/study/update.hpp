#pragma once

#include <functional>
#include <optexplore/catalog.hpp>
#include <string>
#include <vector>

#include "program/build.hpp"
#include "study/frames.hpp"

namespace optexplore::study {

/// Where statements find values and put them.
struct Variables {
  program::Scope& scope;
  /// Whether a statement may assign to the name, of all or of elements; throws InputError that shows the text.
  std::function<void(const std::string& name, text::Span span, const std::string& source)> check;
  /// Makes it the name's value in the scope. Throws InputError where its shape doesn't fit.
  std::function<void(const std::string& name, program::NodeId value)> store;
  /// How messages call a part of what the statements stand in: "/update/2".
  std::function<std::string(const std::string& part)> place;
};

/// Builds the statements of rules and procedures into a step's graph: each assignment gives its name another node, an
/// `if` is a branch and a loop is a loop.
class UpdateBuilder {
 public:
  /// @param base  a scope with the names that procedures see
  UpdateBuilder(program::Graph& graph, Frames& frames, std::function<program::Scope()> base);

  void build(const std::vector<Statement>& statements, const std::vector<ProcedureEntry>& procedures,
             Variables& variables, const std::string& pointer);

  /// Shorthands of a rule or a procedure. Their names mean what they mean where a shorthand is used, the arguments
  /// aside.
  void add_shorthands(const std::vector<DefinitionText>& define, const Variables& variables);

 private:
  using NodeId = program::NodeId;
  /// What is being built: where the names are, and whose procedures go before those of the catalogue.
  struct Place {
    Variables& variables;
    const std::vector<ProcedureEntry>& procedures;
    std::string pointer;
    [[nodiscard]] Place at(const std::string& part) const { return {variables, procedures, pointer + "/" + part}; }
  };
  void run(const std::vector<Statement>& statements, const Place& place);
  void run(const AssignmentText& assignment, const Place& place);
  void run(const Statement::If& branch, const Place& place);
  void run(const Statement::While& loop, const Place& place);
  void run(const Statement::For& loop, const Place& place);

  /// Runs one of two lists, by a condition.
  void choose(NodeId condition, const Place& then_place, const std::vector<Statement>& then, const Place& else_place,
              const std::vector<Statement>& otherwise);

  /// What a loop goes by.
  struct Header {
    std::uint32_t count = 0;                      ///< of rounds, at most
    std::string counter{};                        ///< the name that counts; empty: none
    std::function<NodeId(NodeId round)> value{};  ///< of that name, in rounds 1, 2, …
    std::function<NodeId()> test{};               ///< builds the test in the body, where there is one
    program::Site site{};                         ///< of a test that should have ended the loop
  };
  /// Returns how many rounds were done.
  NodeId repeat(const Header& header, const std::vector<Statement>& body, const Place& place);
  struct Loop;
  bool try_body(const Header& header, const std::vector<Statement>& body, const Place& place, Loop& loop);
  NodeId finish(const Header& header, Loop& loop, Variables& variables);

  const ProcedureEntry* find_procedure(const language::Assignment& assignment, const Place& place) const;
  void call_procedure(const ProcedureEntry& procedure, const language::Assignment& assignment, const Place& place);
  std::vector<NodeId> expand(const ProcedureEntry& procedure, const program::CallArguments& args, const Place& place);
  void count_work();

  program::Graph& graph_;
  Frames& frames_;
  std::function<program::Scope()> base_;
  std::vector<std::string> expanding_;  ///< procedures and shorthands that are being expanded
  std::size_t work_ = 0;
};

}  // namespace optexplore::study
