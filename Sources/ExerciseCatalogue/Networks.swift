// What the exercises that ask for a network share.

import ExerciseKit

extension Sequential {
  /// The layers in order, those of networks within this network in the place of each: nesting is a matter of style.
  var flattenedLayers: [any Layer] {
    entries.flatMap { ($0.layer as? Sequential)?.flattenedLayers ?? [$0.layer] }
  }
}
