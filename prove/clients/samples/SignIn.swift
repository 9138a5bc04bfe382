// Signs in by what was made of the document.
import OpenAPIClient

func signIn(url: String, identifier: String) async throws -> String {
    OpenAPIClientAPIConfiguration.shared.basePath = url
    let body = LoginBody(identifier: identifier, password: "password123")
    let reply = try await SessionsAPI.login(loginBody: body)
    switch reply.data {
    case .typeSignedIn(let signedIn): return "token \(!signedIn.accessToken.isEmpty)"
    case .typeMfaRequired(let required): return "code \(!required.challengeId.isEmpty)"
    }
}
