// The exercises of chapter 9, in order.

extension Catalogue {
  package static let chapter09: [any AnyExercise] = [ex09_1, ex09_2, ex09_3, ex09_4, ex09_5, ex09_6, ex09_7]
}
