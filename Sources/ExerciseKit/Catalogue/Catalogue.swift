// All exercises of the workbook.

/// The exercises, chapter by chapter. Each is specified in the file that bears its name.
package enum Catalogue {
  /// Every exercise, in order.
  package static let all: [any AnyExercise] =
    chapter01 + chapter02 + chapter03 + chapter04 + chapter05 + chapter06 + chapter07 + chapter08 + chapter09
    + chapter10 + chapter11

  /// The exercise of that number, if there is one.
  package static subscript(id: ExerciseID) -> (any AnyExercise)? { all.first { $0.id == id } }

  /// The exercises of a chapter, in order.
  package static func exercises(ofChapter chapter: Int) -> [any AnyExercise] { all.filter { $0.id.chapter == chapter } }
}
