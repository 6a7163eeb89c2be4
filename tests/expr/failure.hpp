#pragma once

#include <string>

#include <optexplore/error.hpp>

namespace optexplore::test {

/// The whole message that `action` fails with, or "no error".
template <class Action>
std::string failure(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace optexplore::test
