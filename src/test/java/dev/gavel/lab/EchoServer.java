package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends back each line of a TCP connection and each datagram, on one port of every address of a namespace. */
final class EchoServer implements AutoCloseable {
    private final Netns netns;
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final BlockingQueue<Outcome> connections = new LinkedBlockingQueue<>();

    EchoServer(Netns netns, int port) {
        this.netns = netns;
        tcp = netns.call(() -> {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return socket;
        });
        udp = netns.call(() -> new DatagramSocket(port));
        netns.closing(this);
        netns.background(this::accept);
        netns.background(this::echoDatagrams);
    }

    private Void accept() throws IOException {
        while (true) {
            Socket connection = tcp.accept();
            netns.background(() -> connections.add(echoLines(connection)));
        }
    }

    private static Outcome echoLines(Socket connection) throws IOException {
        String last = "";
        try (connection) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
                connection.getOutputStream().write((line + "\n").getBytes(UTF_8));
            }
            return Outcome.answer(last);
        } catch (SocketException e) {
            return Outcome.RESET;
        }
    }

    private Void echoDatagrams() throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[2048], 2048);
        while (true) {
            datagram.setLength(2048);
            udp.receive(datagram);
            udp.send(datagram);
        }
    }

    /** How the next connection ended here, in the order of their ends; TIMEOUT if none ends within five seconds. */
    Outcome connection() {
        try {
            Outcome outcome = connections.poll(5, TimeUnit.SECONDS);
            return outcome == null ? Outcome.TIMEOUT : outcome;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }
}
