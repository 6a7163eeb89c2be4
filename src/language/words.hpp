#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace optexplore::language {

/// What a form of a function makes of vectors.
enum class Shapes {
  elementwise,  ///< numbers, or vectors element by element
  whole,        ///< a vector as a whole
};

/// A way to write a word: "sum(k, first, last, expression)", "a + b".
struct Form {
  std::string_view text;
  Shapes shapes = Shapes::elementwise;
};

/// The derivative in one argument of the word's first form, as an expression of its arguments.
struct Partial {
  std::string_view argument;
  std::string_view value;
};

/// A word of the language: the one place that says what there is, from which calls are checked and list, describe and
/// hints speak.
struct Word {
  enum class Kind { operation, function, constant, name };
  enum class Where {
    everywhere,
    rules_and_columns,  ///< and in stop conditions and targets
    rules,              ///< and in hyperparameters
  };
  Kind kind;
  std::string_view name;  ///< as it is written: "sin", "^"
  std::array<Form, 3> forms;
  std::string_view title;
  std::array<Partial, 3> derivative = {};
  std::string_view note = {};       ///< what holds at hard places
  std::string_view example = {};    ///< an expression without names; where that can't be, an assignment of a rule
  std::string_view spellings = {};  ///< what means the same, with blanks between: "** ²"
  std::string_view foreign = {};    ///< what it is called elsewhere, with blanks between: "ln"
  Where where = Where::everywhere;
  double value = 0;  ///< of a constant
};

/// The parameters that a form of a call shows: "max(v, dim=k)".
struct Parameters {
  std::vector<std::string_view> names;    ///< of those that are given by their places, or by their names
  bool more = false;                      ///< or more of the last one: it ends with "…"
  std::vector<std::string_view> by_name;  ///< of those that may be given besides, by their names alone
};
Parameters parameters(const Form& form);

/// All words of a kind, in the order in which a reader meets them.
std::span<const Word> words(Word::Kind kind);

/// The word of that kind and name, or null.
const Word* find_word(Word::Kind kind, std::string_view name);

/// The form in which the function is called with so many arguments by their places, or null.
const Form* find_form(const Word& function, std::size_t arguments);

/// What a function's call may have: "1 argument (v) or 4 (k, first, last, expression)".
std::string usage(const Word& function);

/// Where a word may stand: "rules, columns and stop conditions".
std::string place(Word::Where where);

/// The word that is called so elsewhere, or null: log for "ln".
const Word* find_foreign(std::string_view name);

/// Spellings or foreign names, one by one.
std::vector<std::string> split(std::string_view names);

/// Names of all functions that may stand in any expression.
std::vector<std::string> function_names();

}  // namespace optexplore::language
