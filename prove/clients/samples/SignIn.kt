// Signs in by the classes that were made of the document.
import latchkey.client.apis.SessionsApi
import latchkey.client.models.LoginBody
import latchkey.client.models.MfaRequired
import latchkey.client.models.SignedIn

fun signIn(url: String, identifier: String): String {
    val reply = SessionsApi(url).login(LoginBody(identifier = identifier, password = "password123"))
    return when (val outcome = reply.`data`.actualInstance) {
        is SignedIn -> "token ${outcome.accessToken.isNotEmpty()}"
        is MfaRequired -> "code ${outcome.challengeId.isNotEmpty()}"
        else -> "neither"
    }
}

fun main(arguments: Array<String>) {
    println("${signIn(arguments[0], "priyasharma")} ${signIn(arguments[0], "vikramsingh")}")
}
