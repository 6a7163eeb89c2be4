#include <iostream>

#include <optexplore/version.hpp>

int main() { std::cout << "optexplore " << optexplore::version << '\n'; }
