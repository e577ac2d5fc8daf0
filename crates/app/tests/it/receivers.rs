//! A mail server and a robot's house on loopback, as small as tests need them. They run in threads
//! of their own and write down what they were handed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// What a receiver was handed, oldest first.
pub type Handed = Arc<Mutex<Vec<String>>>;

/// Something that listens until it is dropped.
pub struct Receiver {
    pub port: u16,
    handed: Handed,
    stopped: Arc<AtomicBool>,
    listens: Option<std::thread::JoinHandle<()>>,
}

impl Receiver {
    fn start(port: u16, talk: impl Fn(TcpStream, &Handed) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let handed = Handed::default();
        let stopped = Arc::new(AtomicBool::new(false));
        let (inside, stop, talk) = (handed.clone(), stopped.clone(), Arc::new(talk));
        let listens = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Acquire) {
                    return;
                }
                let (handed, talk) = (inside.clone(), talk.clone());
                std::thread::spawn(move || talk(stream, &handed));
            }
        });
        Self {
            port,
            handed,
            stopped,
            listens: Some(listens),
        }
    }

    /// What it was handed so far.
    pub fn handed(&self) -> Vec<String> {
        self.handed.lock().expect("what was handed").clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        // Wakes the thread that waits for somebody.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        // The port is free for the next one only when the listener is gone.
        if let Some(thread) = self.listens.take() {
            let _ = thread.join();
        }
    }
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A mail server that takes mail, but answers so to a recipient; `250 fine` takes them.
pub fn mail_server(port: u16, to_recipients: &'static str) -> Receiver {
    Receiver::start(port, move |stream, handed| {
        // Whoever hangs up ends the conversation.
        let _ = smtp(stream, handed, to_recipients);
    })
}

fn smtp(stream: TcpStream, handed: &Handed, to_recipients: &str) -> std::io::Result<()> {
    let mut answer = stream.try_clone()?;
    answer.write_all(b"220 mail.example\r\n")?;
    let mut lines = BufReader::new(stream).lines();
    let mut to = String::new();
    while let Some(line) = lines.next().transpose()? {
        let word: String = line.chars().take(4).collect::<String>().to_uppercase();
        let said = match word.as_str() {
            "RCPT" => {
                to = line;
                to_recipients
            }
            "DATA" => {
                answer.write_all(b"354 go on\r\n")?;
                let mut mail = format!("{to}\n");
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    mail += &line;
                    mail.push('\n');
                }
                handed.lock().expect("what was handed").push(mail);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        answer.write_all(format!("{said}\r\n").as_bytes())?;
    }
    Ok(())
}

/// How a robot's house answers.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// With a status and a body.
    Answer(u16, String),
    /// Elsewhere.
    Redirect(String),
    /// Not at all.
    Hang,
}

impl Behaviour {
    pub fn good() -> Self {
        Self::Answer(200, r#"{"errcode":0,"errmsg":"ok"}"#.to_owned())
    }
}

/// A robot's house; what it is handed is the request line and the body.
pub fn robot(behaviour: Behaviour) -> Receiver {
    Receiver::start(0, move |stream, handed| {
        let _ = http(stream, handed, &behaviour);
    })
}

fn http(stream: TcpStream, handed: &Handed, behaviour: &Behaviour) -> std::io::Result<()> {
    let mut answer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    let request = format!("{}\n{body}", first.trim());
    handed.lock().expect("what was handed").push(request);
    let (head, body) = match behaviour {
        Behaviour::Answer(status, body) => (format!("HTTP/1.1 {status} x\r\n"), body.as_str()),
        Behaviour::Redirect(to) => (format!("HTTP/1.1 302 x\r\nlocation: {to}\r\n"), ""),
        Behaviour::Hang => {
            std::thread::sleep(std::time::Duration::from_secs(30));
            return Ok(());
        }
    };
    let length = body.len();
    let text = format!("{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    answer.write_all(text.as_bytes())
}
