#include "mote/backends/cpu_engine.h"

#include "mote/backends/native/isa.h"
#include "mote/backends/native/peak.h"

namespace mote {

std::string EngineIsa() { return native::Isa(); }
std::vector<std::string> EngineIsas() { return native::AvailableIsas(); }
void CapEngineIsa(std::string_view name) { native::CapIsa(name); }
double MeasuredPeakGflops() { return native::PeakGflops(); }

}  // namespace mote
