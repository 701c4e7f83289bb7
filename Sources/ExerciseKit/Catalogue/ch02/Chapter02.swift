// The exercises of chapter 2, in order.

extension Catalogue {
  package static let chapter02: [any AnyExercise] = []
}
