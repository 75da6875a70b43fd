//! Ready-made settings and calls for client programs.

/// A program, and what makes it use a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    ClaudeCode,
    GeminiCli,
    Python,
    JavaScript,
    Curl,
}

impl Program {
    /// The programs that speak to a service.
    pub(super) fn of(claude: bool, gemini: bool) -> Vec<Self> {
        let all = [Self::ClaudeCode, Self::GeminiCli, Self::Python, Self::JavaScript, Self::Curl];
        let speaks = |program: &Self| match program {
            Self::ClaudeCode => claude,
            Self::GeminiCli => gemini,
            Self::Python | Self::JavaScript | Self::Curl => true,
        };
        all.into_iter().filter(speaks).collect()
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "Claude Code",
            Self::GeminiCli => "Gemini CLI",
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Curl => "curl",
        }
    }

    /// The text to copy, for a shell or a file. `model` is one of Claude's, or of Gemini's where `gemini` is said.
    pub(super) fn text(self, address: &str, key: &str, model: &str, gemini: bool) -> String {
        match (self, gemini) {
            (Self::ClaudeCode, _) => {
                format!("export ANTHROPIC_BASE_URL={address}/api\nexport ANTHROPIC_AUTH_TOKEN={key}\nclaude")
            }
            (Self::GeminiCli, _) => {
                format!("export GOOGLE_GEMINI_BASE_URL={address}/gemini\nexport GEMINI_API_KEY={key}\ngemini")
            }
            (Self::Python, false) => python_claude(address, key, model),
            (Self::Python, true) => python_gemini(address, key, model),
            (Self::JavaScript, false) => javascript_claude(address, key, model),
            (Self::JavaScript, true) => javascript_gemini(address, key, model),
            (Self::Curl, false) => curl_claude(address, key, model),
            (Self::Curl, true) => curl_gemini(address, key, model),
        }
    }
}

fn python_claude(address: &str, key: &str, model: &str) -> String {
    format!(
        "import anthropic\n\nclient = anthropic.Anthropic(\n    base_url='{address}/api',\n    api_key='{key}',\n)\n\
         message = client.messages.create(\n    model='{model}',\n    max_tokens=64,\n    \
         messages=[{{'role': 'user', 'content': 'Say hello'}}],\n)\nprint(message.content[0].text)"
    )
}

fn python_gemini(address: &str, key: &str, model: &str) -> String {
    format!(
        "from google import genai\n\nclient = genai.Client(\n    api_key='{key}',\n    \
         http_options={{'base_url': '{address}/gemini'}},\n)\nanswer = client.models.generate_content(\n    \
         model='{model}', contents='Say hello'\n)\nprint(answer.text)"
    )
}

fn javascript_claude(address: &str, key: &str, model: &str) -> String {
    format!(
        "import Anthropic from '@anthropic-ai/sdk';\n\nconst client = new Anthropic({{\n  \
         baseURL: '{address}/api',\n  apiKey: '{key}',\n}});\nconst message = await client.messages.create({{\n  \
         model: '{model}',\n  max_tokens: 64,\n  messages: [{{ role: 'user', content: 'Say hello' }}],\n}});\n\
         console.log(message.content);"
    )
}

fn javascript_gemini(address: &str, key: &str, model: &str) -> String {
    format!(
        "import {{ GoogleGenAI }} from '@google/genai';\n\nconst client = new GoogleGenAI({{\n  \
         apiKey: '{key}',\n  httpOptions: {{ baseUrl: '{address}/gemini' }},\n}});\n\
         const answer = await client.models.generateContent({{\n  model: '{model}',\n  contents: 'Say hello',\n}});\n\
         console.log(answer.text);"
    )
}

fn curl_claude(address: &str, key: &str, model: &str) -> String {
    format!(
        "curl -N {address}/api/v1/messages \\\n  -H 'x-api-key: {key}' \\\n  -H 'anthropic-version: 2023-06-01' \\\n  \
         -H 'content-type: application/json' \\\n  \
         -d '{{\"model\":\"{model}\",\"max_tokens\":64,\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"Say hello\"}}]}}'"
    )
}

fn curl_gemini(address: &str, key: &str, model: &str) -> String {
    format!(
        "curl -N '{address}/gemini/v1beta/models/{model}:streamGenerateContent?alt=sse' \\\n  \
         -H 'x-goog-api-key: {key}' \\\n  -H 'content-type: application/json' \\\n  \
         -d '{{\"contents\":[{{\"parts\":[{{\"text\":\"Say hello\"}}]}}]}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_the_services_that_are_allowed_are_shown() {
        assert_eq!(Program::of(true, true).len(), 5);
        assert!(!Program::of(true, false).contains(&Program::GeminiCli));
        assert!(!Program::of(false, true).contains(&Program::ClaudeCode));
    }

    #[test]
    fn each_text_holds_address_and_key() {
        for program in Program::of(true, true) {
            for gemini in [false, true] {
                let text = program.text("https://relay.example.org", "cr_1", "a-model", gemini);

                assert!(text.contains("https://relay.example.org/") && text.contains("cr_1"), "{text}");
            }
        }
    }
}
