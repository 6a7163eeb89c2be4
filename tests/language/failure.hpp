#pragma once

#include <optexplore/error.hpp>
#include <string>

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
