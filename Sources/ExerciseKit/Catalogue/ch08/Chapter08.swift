// The exercises of chapter 8, in order.

extension Catalogue {
  package static let chapter08: [any AnyExercise] = []
}
