"""The packing core: for each kind of work a pure `step(session, input) -> Step(session, effects)`."""
