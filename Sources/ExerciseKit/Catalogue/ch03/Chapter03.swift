// The exercises of chapter 3, in order.

extension Catalogue {
  package static let chapter03: [any AnyExercise] = [ex03_1, ex03_2, ex03_3, ex03_4]
}
