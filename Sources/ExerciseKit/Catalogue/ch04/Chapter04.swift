// The exercises of chapter 4, in order.

extension Catalogue {
  package static let chapter04: [any AnyExercise] = [ex04_3]
}
