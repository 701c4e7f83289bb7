// The exercises of chapter 1, in order.

extension Catalogue {
  package static let chapter01: [any AnyExercise] = []
}
