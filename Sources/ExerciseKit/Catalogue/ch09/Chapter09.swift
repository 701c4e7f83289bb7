// The exercises of chapter 9, in order.

extension Catalogue {
  package static let chapter09: [any AnyExercise] = []
}
