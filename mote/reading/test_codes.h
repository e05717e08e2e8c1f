// Activation codes for tests, written as strings of 0 and 1.
#pragma once

#include <string_view>
#include <vector>

#include "mote/reading/activation_codes.h"

namespace mote {

// One string per sample, one rectifier; a 0 stands for an input of 0 or -1, in turn.
inline ActivationCodes CodesOf(std::vector<std::string_view> samples) {
  ActivationCodes codes(int(samples.size()));
  std::vector<double> inputs;
  for (const std::string_view sample : samples) {
    for (const char bit : sample) {
      inputs.push_back(bit == '1' ? 0.5 : -double(inputs.size() % 2));
    }
  }
  codes.Append(inputs);
  return codes;
}

}  // namespace mote
