#pragma once

namespace optexplore {

/// Lets large matrix products use all cores. Threads are started with the first one.
void use_all_cores();

}  // namespace optexplore
