"""The parts of a build; `kg.build` is their face."""
