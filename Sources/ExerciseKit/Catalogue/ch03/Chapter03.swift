// The exercises of chapter 3, in order.

extension Catalogue {
  package static let chapter03: [any AnyExercise] = []
}
