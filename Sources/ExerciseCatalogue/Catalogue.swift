// All exercises of the workbook.

import ExerciseKit

/// The exercises, chapter by chapter. Each is specified in the file named after it.
package enum Catalogue {
  /// Every exercise, in the order of `ExerciseEntry.all`.
  package static let all: [any AnyExercise] = [
    ex01_1, ex01_2, ex01_3, ex01_4,
    ex02_1, ex02_2, ex02_3, ex02_4, ex02_5,
    ex03_1, ex03_2, ex03_3, ex03_4,
    ex04_1, ex04_2, ex04_3, ex04_4,
    ex05_1, ex05_2, ex05_3, ex05_4, ex05_5, ex05_6,
    ex06_1, ex06_2, ex06_3, ex06_4,
    ex07_1, ex07_2, ex07_3, ex07_4, ex07_5, ex07_6,
    ex08_1, ex08_2, ex08_3, ex08_4,
    ex09_1, ex09_2, ex09_3, ex09_4, ex09_5, ex09_6, ex09_7,
    ex10_1, ex10_2, ex10_3, ex10_4,
    ex11_1, ex11_2, ex11_3, ex11_4, ex11_5,
  ]

  /// The exercise with that number, if there is one.
  package static subscript(id: ExerciseID) -> (any AnyExercise)? { all.first { $0.id == id } }

  /// The exercises of a chapter, in order.
  package static func exercises(ofChapter chapter: Int) -> [any AnyExercise] { all.filter { $0.id.chapter == chapter } }
}
