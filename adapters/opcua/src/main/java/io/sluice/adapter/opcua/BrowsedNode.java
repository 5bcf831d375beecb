package io.sluice.adapter.opcua;

/**
 * A node that a {@link ServerBrowser} found.
 *
 * @param path of BrowseNames, without their namespaces, from {@code /Objects}
 * @param level 1: child of the Objects folder
 * @param name BrowseName
 * @param namespace URI
 * @param identifier as in a profile, without the prefix: {@code s=Press.State}
 */
public record BrowsedNode(String path, int level, String name, String namespace, String identifier, boolean variable) {}
