#pragma once

#include <optexplore/error.hpp>
#include <type_traits>

namespace optexplore::text {

/// Does `action`; an InputError that has no place of its own gets this one.
/// @param place  a text, or a function that makes it: most often nobody asks
template <class Place, class Action>
decltype(auto) with_place(const Place& place, const Action& action) {
  try {
    return action();
  } catch (const InputError& error) {
    if constexpr (std::is_invocable_v<const Place&>)
      throw error.at(place());
    else
      throw error.at(place);
  }
}

}  // namespace optexplore::text
