#pragma once

#include <cstddef>
#include <string_view>

namespace optexplore::catalog {

/// A catalogue file compiled into the library.
struct EmbeddedFile {
  std::string_view name;  ///< the file's name without ".json": "ackley", "rmsprop.dlfs"
  std::string_view text;  ///< its JSON text, byte for byte
};

/// Another name of a function.
struct EmbeddedAlias {
  std::string_view alias;
  std::string_view name;
};

/// All aliases in byte order.
extern const EmbeddedAlias embedded_function_aliases[];
extern const std::size_t embedded_function_aliases_count;

/// The files of catalog/functions, in byte order of their names. The array has at least one element, so
/// that it exists without any file: only the first embedded_functions_count count.
extern const EmbeddedFile embedded_functions[];
extern const std::size_t embedded_functions_count;

/// The files of catalog/rules, likewise.
extern const EmbeddedFile embedded_rules[];
extern const std::size_t embedded_rules_count;

/// The files of catalog/schedules, likewise.
extern const EmbeddedFile embedded_schedules[];
extern const std::size_t embedded_schedules_count;

/// The files of catalog/procedures, likewise.
extern const EmbeddedFile embedded_procedures[];
extern const std::size_t embedded_procedures_count;

}  // namespace optexplore::catalog
