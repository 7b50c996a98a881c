"""Python imports this by its name at the start of a process that finds it on its path: a process under fire."""

import chaos_clock
import chaos_instants

chaos_clock.install()
chaos_instants.install()
