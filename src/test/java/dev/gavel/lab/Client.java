package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** A client in a namespace, which waits {@code timeoutMs} for each answer. */
record Client(Netns netns, int timeoutMs) {
    /** Sends one line over a connection of its own; the outcome's text is the line that comes back. */
    Outcome tcp(String address, int port, String line) {
        return netns.call(() -> {
            try (Socket socket = new Socket()) {
                return exchange(socket, new InetSocketAddress(address, port), line);
            }
        });
    }

    private Outcome exchange(Socket socket, InetSocketAddress server, String line) throws IOException {
        try {
            socket.connect(server, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
            return Outcome.answer(answer == null ? "" : answer);
        } catch (SocketTimeoutException e) {
            if (socket.isConnected()) {
                socket.setSoLinger(true, 0); // a reset now, instead of retransmissions in the time of the next test
            }
            return Outcome.TIMEOUT;
        } catch (SocketException e) {
            return Outcome.RESET;
        }
    }

    /** Sends one datagram and waits for the one that comes back. */
    Outcome udp(String address, int port, String text) {
        return netns.call(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(timeoutMs);
                socket.connect(new InetSocketAddress(address, port));
                byte[] sent = text.getBytes(UTF_8);
                socket.send(new DatagramPacket(sent, sent.length));
                DatagramPacket received = new DatagramPacket(new byte[2048], 2048);
                socket.receive(received);
                return Outcome.answer(new String(received.getData(), 0, received.getLength(), UTF_8));
            } catch (SocketTimeoutException e) {
                return Outcome.TIMEOUT;
            } catch (PortUnreachableException e) {
                return Outcome.RESET;
            }
        });
    }

    /** Whether an ICMP echo request is answered. As root of the namespace, Java sends a real one. */
    boolean ping(String address) {
        return netns.call(() -> Ip.parse(address).isReachable(timeoutMs));
    }
}
